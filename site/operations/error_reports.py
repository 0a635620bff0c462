"""Reports of errors to a Sentry, or to whatever understands its protocol, where ``SENTRY_DSN`` names one.

Without the variable nothing is imported and nothing is sent. A report says where the code failed, in which release and
under which request id; nothing of who asked, of what was sent, or of the address, in which a sealed link may stand.
Read by the settings: may not import models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracing import ids
from tracing.secrets import masked

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

OF_REQUEST = ("method",)  # all that a report keeps of a request


def start(dsn: str, *, release: str, environment: str, **options: Any) -> None:
    """Begins to report, where there is a DSN; ``options`` are the library's own."""
    if not dsn:
        return
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration

    sentry_sdk.init(
        dsn=dsn,
        release=release or None,
        environment=environment,
        integrations=[DjangoIntegration(transaction_style="url", middleware_spans=False, signals_spans=False)],
        auto_enabling_integrations=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,  # lines of the log, queries and addresses: the log has them, masked, under the same id
        traces_sample_rate=0.0,
        auto_session_tracking=False,
        send_client_reports=False,
        server_name="",
        before_send=cleaned,
        **options,
    )


def cleaned(event: Event, hint: Hint) -> Event:
    """A report without anything of the person who asked, tagged with the id under which the log tells more."""
    request = event.get("request")
    if request is not None:
        event["request"] = {name: request[name] for name in OF_REQUEST if name in request}
    for part in ("user", "breadcrumbs", "server_name"):
        event.pop(part, None)  # type: ignore[misc]
    event.get("extra", {}).pop("sys.argv", None)
    if request_id := ids.current():
        event.setdefault("tags", {})["request_id"] = request_id
    for error in event.get("exception", {}).get("values", []):
        error["value"] = masked(str(error.get("value") or ""))
        for frame in (error.get("stacktrace") or {}).get("frames", []):
            frame.pop("vars", None)
    message = event.get("logentry")
    if message is not None:
        written = message.get("formatted") or message.get("message") or ""
        event["logentry"] = {"message": masked(str(written))}
    return event
