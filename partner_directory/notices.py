"""What partners are told of what they hold. May not import actions."""

from __future__ import annotations

from typing import Any

from partner_directory.addresses import address
from partner_directory.messages import tell_partner
from partner_directory.models.membership import Membership


def tell_of_membership(membership: Membership, action: str, happening: Any) -> None:
    """Tells the partner what was decided: the action's last word names the kind, ``happening`` this one decision."""
    decision = action.rsplit(".", 1)[-1]
    tell_partner(
        partner=membership.partner,
        kind=f"membership_{decision}",
        key=f"membership:{membership.pk}:{decision}:{happening}",
        facts={
            "level": membership.level.name,
            "starts": membership.starts,
            "until": membership.until,
            "reason": membership.reason,
        },
        url=address("portal:home"),
    )
