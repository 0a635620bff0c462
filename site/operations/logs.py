"""How the site logs: where lines go, how each is written, and what none of them may show.

One JSON object a line (``LOG_FORMAT=json``), or words for people (``lines``), to the process's standard error; whoever
runs it keeps them. Every line has the id of its request or run. Read by the settings: may not import models.
"""

from __future__ import annotations

import logging
import re
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from tracing import ids
from tracing.secrets import masked, masked_path

FORMATS = ("json", "lines")
# What they say at INFO is of use to their own authors alone, or stands in the trail.
QUIET = (
    "fontTools", "weasyprint", "PIL", "urllib3", "botocore", "boto3", "s3transfer",
    "wagtail", "django_tasks", "modelsearch",
)  # fmt: skip
# What begins another line for somebody who reads the log, or tells their terminal to do something.
_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(text: str) -> str:
    """A text without anything that breaks a line; as JSON would write it."""
    return _BREAKING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def logging_config(shape: str, level: str) -> dict[str, Any]:
    """The setting LOGGING, for lines of a shape, from a level on.

    A request that was refused (4xx) is told by its access line alone; one that failed (5xx) by its traceback, too.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"safe": {"()": "operations.logs.Safe"}},
        "formatters": {
            "json": {"()": "operations.logs.JsonLine"},
            "lines": {"()": "operations.logs.WordsLine"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["safe"], "formatter": shape}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": "INFO"},  # not Django's own, which mail tracebacks with what was sent
            "django.request": {"level": "ERROR"},
            **{name: {"level": "WARNING"} for name in QUIET},
        },
    }


class Safe(logging.Filter):
    """Takes the path of a request out of the lines that Django writes of it: a sealed link is its holder's proof."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: it changes the line, and keeps every one."""
        path = getattr(getattr(record, "request", None), "path", "")
        if path and isinstance(record.args, tuple):
            written = {path, path.encode("unicode_escape").decode("ascii")}
            record.args = tuple(masked_path(path) if arg in written else arg for arg in record.args)
        return True


class JsonLine(JsonFormatter):
    """One JSON object: time (UTC), level, logger, message, request_id, the line's own facts, and a traceback."""

    def __init__(self) -> None:
        super().__init__([], json_ensure_ascii=False, json_default=str)

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever somebody has typed: JSON leaves some separators as they are."""
        return one_line(str(super().format(record)))

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """Nothing gets in that is not named here: what libraries hang on a record may hold a whole request."""
        facts = getattr(record, "facts", None)
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname.lower()
        log_data["logger"] = record.name
        log_data["message"] = record.message if facts else masked(record.message)
        if request_id := ids.current():
            log_data["request_id"] = request_id
        if facts:
            log_data.update(facts)
        if traceback := message_dict.get("exc_info"):
            log_data["traceback"] = masked(str(traceback))


class WordsLine(logging.Formatter):
    """A line for people: time, level, logger, message, facts as name=value; a traceback below it."""

    def format(self, record: logging.LogRecord) -> str:
        """The same as the JSON line says, with the first eight digits of the id."""
        facts = getattr(record, "facts", {})
        message = record.getMessage()
        words = [
            f"{datetime.fromtimestamp(record.created, UTC).astimezone():%H:%M:%S}",
            record.levelname,
            record.name,
            message if facts else masked(message),
            *(f"{name}={fact}" for name, fact in facts.items() if name != "event"),
            *([f"[{ids.current()[:8]}]"] if ids.current() else []),
        ]
        line = one_line(" ".join(words))
        return f"{line}\n{masked(self.formatException(record.exc_info))}" if record.exc_info else line
