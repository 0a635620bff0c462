"""What editions of the terms change for the company, and talks about clauses that it does not agree with (R82, R83)."""
