"""What the site remembers of its own running."""

from operations.models.job import JobRun

__all__ = ["JobRun"]
