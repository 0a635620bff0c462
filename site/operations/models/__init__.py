"""What the site remembers of its own running."""

from operations.models.csp_report import CspReport
from operations.models.job import JobRun

__all__ = ["CspReport", "JobRun"]
