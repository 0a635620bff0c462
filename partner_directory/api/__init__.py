"""The directory as JSON, for reading by anybody."""
