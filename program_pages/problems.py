"""What the API says when it cannot answer: a JSON problem (RFC 9457) that names the field.

May not import models.
"""

from __future__ import annotations

from ninja import Field, Schema


class Problem(Schema):
    """A problem document."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = Field(None, description="The parameter or field that is wrong, the first where several are")
    errors: dict[str, list[str]] | None = Field(None, description="Every wrong field with what is wrong there")
    request_id: str | None = None  # of a failure of ours (5xx): what to quote when asking about it


class ProblemError(Exception):
    """Ends a request with a problem document; ``detail`` is a sentence in the reader's language, of ``field``.

    ``retry_after`` are the seconds to wait before asking again.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        field: str | None = None,
        errors: dict[str, list[str]] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field
        self.errors = errors
        self.retry_after = retry_after
