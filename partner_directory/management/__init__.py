"""Commands of the directory."""
