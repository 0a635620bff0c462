"""The partners' section."""
