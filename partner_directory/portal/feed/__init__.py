"""What the company has been told."""
