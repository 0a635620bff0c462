"""Where the calculator's page stands, for those who lead to it: links of the API, of other pages. May not import pages."""

from __future__ import annotations

from django.http import HttpRequest

from program_pages.shell import Shell


def calculator_address(request: HttpRequest) -> str | None:
    """The whole address of the calculator in the reader's language, without a query; None while there is none."""
    path = Shell(request).addresses.get("calculatorpage")
    return request.build_absolute_uri(path) if path else None
