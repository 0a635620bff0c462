"""Applications by how far they have come, made by the actions themselves."""

from __future__ import annotations

from itertools import count
from typing import Any
from unittest import mock

from stdnum.ru import inn

from partner_directory import contracts
from partner_directory.actions import applications as actions
from partner_directory.models import Application, JoiningStep, Partner
from partner_directory.models.people import TeamMember
from program_pages.models import Level

from .files import kept, pdf
from .partners import make_partner
from .portal import make_member

_numbers = count(1)
KINDS = (JoiningStep.Kind.ACCESSION, JoiningStep.Kind.LICENCE)
REACHED = ("draft", "filled", "submitted", "returned", "accepted", "signed", "joined", "rejected", "withdrawn")


def new_inn() -> str:
    """A company's ИНН that nobody has yet."""
    front = f"77{next(_numbers):07d}"
    return front + str(inn.calc_company_check_digit(front))


def new_ogrn() -> str:
    """A company's ОГРН."""
    front = f"1027700{next(_numbers):05d}"
    return front + str(int(front) % 11 % 10)


def make_company(**fields: Any) -> Partner:
    """A company that has registered: unpublished, without a level, with every fact that contracts need."""
    facts = {
        "legal_name_ru": "ООО «Ромашка»",
        "inn": new_inn(),
        "ogrn": new_ogrn(),
        "phones": "+7 495 123-45-67",
        "email": "office@romashka.example",
    }
    partner = make_partner(level=None, published=False, **facts | fields)
    partner.save_revision()
    return Partner.objects.get(pk=partner.pk)


def make_application(
    reached: str = "filled", *, level: str = "competency", seat: TeamMember | None = None, **company: Any
) -> Application:
    """An application of a company with an owner, as far as ``REACHED`` says; its papers are no real drawings."""
    seat = seat or make_member(make_company(**company))
    owner, ready = seat.user, REACHED.index(reached)
    application = actions.start(partner=seat.partner, level=Level.objects.get(slug=level), actor=owner)
    if reached == "draft":
        return application
    answers = {"technical_base": "Сервер и десять рабочих мест.", "training": "Двое учатся в марте."}
    actions.save(application=application, answers=answers, actor=owner)
    if reached == "withdrawn":
        return actions.withdraw(application=application, actor=owner)
    if ready >= REACHED.index("submitted"):
        application = actions.submit(application=application, actor=owner)
    if reached == "returned":
        return actions.send_back(application=application, reason="Где сертификат?", actor=None)
    if reached == "rejected":
        return actions.reject(application=application, reason="Нет технической базы.", actor=None)
    if ready >= REACHED.index("accepted"):
        with mock.patch.object(contracts, "draw_contract", return_value=pdf()):
            application = actions.accept(application=application, actor=None)
    for kind in KINDS if reached in {"signed", "joined"} else ():
        application = sign(application, kind, actor=owner)
    for kind in KINDS if reached == "joined" else ():
        application = actions.mark_signed(step=step(application, kind), actor=None)
    return Application.objects.select_related("partner", "level").get(pk=application.pk)


def step(application: Application, kind: JoiningStep.Kind) -> JoiningStep:
    """A step of joining as it is now."""
    return JoiningStep.objects.get(application=application, kind=kind)


def sign(application: Application, kind: JoiningStep.Kind, *, actor: Any = None) -> Application:
    """Uploads a signed copy."""
    signed = kept(application.partner, name="Подписано.pdf")
    return actions.upload_signed(step=step(application, kind), signed=signed, actor=actor)
