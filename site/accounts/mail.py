"""Letters about accounts, sent beside the answer: a slow mail server delays nobody and tells nothing by its pace.

A letter with a secret in it is never stored: one that could not be sent is asked for again by its reader. May not
import any other app.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.transaction import on_commit

from tracing.ids import carried

logger = logging.getLogger(__name__)
_senders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="mail")  # its threads start with the first letter


def send_soon(letter: EmailMessage) -> None:
    """Sends a letter once what it tells of is committed; where it cannot be sent, the log says so."""
    on_commit(partial(_hand_over, letter), robust=True)


def _hand_over(letter: EmailMessage) -> None:
    if settings.MAIL_BESIDE_ANSWERS:
        _senders.submit(carried(partial(_send, letter)))
    else:
        _send(letter)


def _send(letter: EmailMessage) -> None:
    try:
        letter.send()
    except Exception:  # whatever a mail server answers, the page that asked for the letter has long been shown
        logger.exception("A letter could not be sent.")  # its subject may hold a code
