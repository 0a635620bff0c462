"""The partners' part of Wagtail's admin."""
