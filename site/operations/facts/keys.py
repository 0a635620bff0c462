"""The keys that the site proves itself with, and until when: of badges, and the certificate. May not import views."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from operations.state import Alarm, Fact, Gauge, judged
from partner_directory.badges import keys
from partner_directory.models.badge import Credential

ENDS_SOON, ENDS_NOW = 21, 7  # days before the end


def badges() -> Iterator[Fact]:
    """The key that signs badges with its first signature, and those before it."""
    try:
        current, *old = keys.published()
    except Exception as error:  # ours, for what is no key; the library's, for what it cannot read
        yield judged(_("Подписывает"), type(error).__name__, Alarm.BADGE_KEY_FAILS, is_well=False, worse=True)
        return
    rows = Credential.objects.order_by().values("key_id").annotate(first=Min("issued_at"), last=Max("issued_at"))
    used = {row["key_id"]: row for row in rows}
    value = current.key_id
    if current.key_id in used:
        since = timezone.localtime(used[current.key_id]["first"])
        value = _("%(key)s, первая подпись %(day)s") % {"key": current.key_id, "day": f"{since:%d.%m.%Y}"}
    yield judged(_("Подписывает"), value, Alarm.BADGE_KEY_FAILS, is_well=True)
    for key in old:
        yield Fact(_("Прежний ключ"), key.key_id)
    unknown = sorted(used.keys() - {current.key_id, *(key.key_id for key in old)})
    for key_id in unknown:
        value = _("%(key)s: подписи есть, ключа нет в BADGE_OLD_KEYS") % {"key": key_id}
        yield judged(_("Утраченный ключ"), value, Alarm.BADGE_KEY_FAILS, is_well=False)


def certificate() -> Iterator[Fact]:
    """The last day of the certificate in ``TLS_CERTIFICATE_FILE``; nobody is asked over the network."""
    if not settings.TLS_CERTIFICATE_FILE:
        yield Fact(_("Действует до"), _("не проверяется: TLS_CERTIFICATE_FILE не задан"))
        return
    found = x509.load_pem_x509_certificate(Path(settings.TLS_CERTIFICATE_FILE).read_bytes())
    left = found.not_valid_after_utc - timezone.now()
    value = ngettext("%(day)s, остался %(left)d день", "%(day)s, осталось %(left)d дней", left.days) % {
        "day": f"{timezone.localtime(found.not_valid_after_utc):%d.%m.%Y}",
        "left": left.days,
    }
    gauge = Gauge("site_certificate_days", "Days until the certificate ends", left.total_seconds() / 86400)
    yield judged(
        _("Действует до"),
        value,
        Alarm.CERTIFICATE_ENDS,
        is_well=left.days >= ENDS_SOON,
        worse=left.days < ENDS_NOW,
        gauges=[gauge],
    )
