"""A company registers, applies for a level, and signs (R80, A8)."""
