"""What the directory ships with."""
