"""What Wagtail's admin learns of the partners."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from partner_directory.actions import memberships

MEMBERSHIP_ACTIONS = {
    memberships.GRANTED: gettext_lazy("Присвоить уровень"),
    memberships.RENEWED: gettext_lazy("Продлить членство"),
    memberships.LEVEL_CHANGED: gettext_lazy("Сменить уровень"),
    memberships.SUSPENDED: gettext_lazy("Приостановить членство"),
    memberships.RESUMED: gettext_lazy("Возобновить членство"),
    memberships.ENDED: gettext_lazy("Прекратить членство"),
}


class MembershipFormatter(LogFormatter):
    """A decision on a membership: what, at which level, until when, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        text = _("%(action)s: %(level)s, с %(starts)s по %(until)s") % {
            "action": self.label,
            "level": data.get("level", ""),
            "starts": data.get("starts", ""),
            "until": data.get("until", ""),
        }
        return f"{text}. {data['reason']}" if data.get("reason") else text


@hooks.register("register_log_actions")
def membership_log_actions(actions: Any) -> None:
    """How the audit log words decisions on memberships."""
    for action, label in MEMBERSHIP_ACTIONS.items():
        formatter = type("Formatter", (MembershipFormatter,), {"label": label})
        actions.register_action(action)(formatter)
