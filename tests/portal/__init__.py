"""The partners' section, page by page and action by action."""
