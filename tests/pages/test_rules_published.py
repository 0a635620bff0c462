"""Every rule R1-R84 that is text or a number stands on the published site, in both languages.

The terms page holds each rule under its own anchor; what a rule says to somebody in particular
stands on the page that this somebody reads, and is looked for there too.
"""

from typing import NamedTuple

import pytest
from django.test import Client

from .reading import fetch, main_of, text_of

pytestmark = pytest.mark.django_db


class Published(NamedTuple):
    """What a rule's clause must say, in Russian and in English."""

    rule: str
    russian: str
    english: str


CLAUSES = [
    Published("R1", "формирование спроса на продукты компании ASoft в регионе присутствия", "region of presence"),
    Published("R2", "информационную, техническую и маркетинговую поддержку", "informational, technical and marketing"),
    Published("R3", "созданию сообщества", "community"),
    Published(
        "R4", "любая компания, работающая в сфере информационных технологий", "Any company that works in information"
    ),
    Published(
        "R5", "после присоединения к Программе и выполнения требований", "after joining the Programme and meeting"
    ),
    Published("R6", "без изменения цветов и стиля", "without any change of colours or style"),
    Published("R7", "в анонсах участия Партнера", "announcements of the Partner’s participation"),
    Published("R8", "без согласования с ASoft", "needs no approval by ASoft"),
    Published("R9", "ASoft CRM Competency", "ASoft CRM Competency"),
    Published("R10", "ASoft CRM Realty", "ASoft CRM Realty"),
    Published("R11", "www.asoft.ru", "www.asoftcrm.com"),
    Published("R12", "ASoft CRM Competency Partner;", "ASoft CRM Competency Partner;"),
    Published("R13", "дополнительные уровни участия «Competency Partner»", "additional “Competency Partner” levels"),
    Published("R14", "диверсифицировать свой бизнес", "diversify its business"),
    Published("R15", "вознаграждение в размере 10 %", "reward of 10%"),
    Published("R16", "минимальная стоимость входа", "minimal cost of entry"),
    Published("R17", "со скидкой до 50 %", "discount of up to 50%"),
    Published("R18", "Бесплатные лицензии для демонстрации", "Free licences for demonstration"),
    Published("R19", "на сайте www.asoft.ru", "website www.asoft.ru"),
    Published("R20", "Рекламные, информационные и методические материалы", "Advertising, informational and methodical"),
    Published("R21", "участия в мероприятиях, проводимых компанией ASoft", "take part in events held by ASoft"),
    Published("R22", "исключительно поставку решений без последующего внедрения", "may only supply solutions"),
    Published("R23", "кроме присоединения к Программе", "beyond joining the Programme"),
    Published("R24", "зарабатывать на внедрении, кастомизации", "earn on implementation"),
    Published("R25", "вознаграждение в размере 20 %", "reward of 20%"),
    Published("R26", "бесплатные лицензии для демонстрации", "free licences for demonstration"),
    Published("R27", "базам знаний по продуктам", "product knowledge bases"),
    Published("R28", "сообщества профессионалов", "professional community"),
    Published("R29", "2 сотрудников, сертифицированных по курсам «Администратор ASoft CRM»", "2 people certified"),
    Published("R30", "маркетинговые активности (мероприятия)", "marketing activities (events)"),
    Published("R31", "не менее 50 % от количества внедрений", "at least 50% of the number"),
    Published("R32", "предоставляется право", "given the right"),
    Published("R33", "до 50 % от стоимости обновлений", "up to 50% of the price of updates"),
    Published("R34", "на своем интернет-ресурсе", "on its own web resource"),
    Published("R35", "в аренду Лицензий", "rental of Licences"),
    Published("R36", "растущий рынок SaaS", "SaaS market"),
    Published("R37", "2 сотрудников, сертифицированных", "2 people certified"),
    Published("R38", "модуль «Изоляция»", "module “Isolation”"),
    Published("R39", "лицензий для сдачи в аренду", "licences to be rented out"),
    Published("R40", "расширенную техническую поддержку на год", "extended technical support for a year"),
    Published("R41", "об участии в ASoft Partners Community", "participation in ASoft Partners Community"),
    Published("R42", "с сотрудником компании ASoft", "with an ASoft employee"),
    Published("R43", "внедрять и кастомизировать", "implement and customise"),
    Published("R44", "на текущий календарный год", "current calendar year"),
    Published("R45", "на следующий календарный год, выполнив", "next calendar year"),
    Published("R46", "ASoft SaaS Partner — 25 %", "ASoft SaaS Partner: 25%"),
    Published("R47", "согласования планов продаж возможно изменение", "Where sales plans are agreed"),
    Published("R48", "минимальной стоимости по прайс-листу и достигает до 50 %", "minimum price of the price list"),
    Published("R49", "на бесплатной основе", "free of charge"),
    Published("R50", "скидку на конечную стоимость для клиентов", "on the final price"),
    Published("R51", "10 % от стоимости проданных", "10% of the price"),
    Published("R52", "в рамках договоренностей по SLA", "by agreement under an SLA"),
    Published("R53", "20 %", "20%"),
    Published("R54", "30 % от стоимости поставки", "30% of the price"),
    Published("R55", "Размещение информации о Партнере", "Information about the Partner"),
    Published("R56", "Обучение двух специалистов", "Training of two specialists"),
    Published("R57", "Рекламные и методические материалы", "Advertising and methodical materials"),
    Published("R58", "Лицензии для внутреннего использования", "Licences for internal use"),
    Published("R59", "Лицензии для демонстрации", "Licences for demonstration"),
    Published("R60", "Совместные проекты по внедрению", "Joint implementation projects"),
    Published("R61", "Референс-визиты", "Reference visits"),
    Published("R62", "самостоятельного внедрения", "implement on its own"),
    Published("R63", "Совместные семинары", "Joint seminars"),
    Published("R64", "ASoft Retail Partner — 10 %", "ASoft Retail Partner: 10%"),
    Published("R65", "ASoft SaaS Partner — 100 %", "ASoft SaaS Partner: 100%"),
    Published("R66", "ASoft CRM Competency Partner — 10 %", "ASoft CRM Competency Partner: 10%"),
    Published("R67", "Техническая поддержка со стороны ASoft", "Technical support by ASoft"),
    Published("R68", "принять на работу сотрудников, имеющих сертификат", "hire employees who hold a certificate"),
    Published("R69", "не менее 2 сертифицированных", "at least 2 certified"),
    Published("R70", "любая активность Партнера должна поощряться", "any activity of the Partner should be rewarded"),
    Published("R71", "более 75 % отзывов", "more than 75%"),
    Published("R72", "ASoft SaaS Partner — +5 %", "ASoft SaaS Partner: +5%"),
    Published("R73", "ASoft CRM Competency Partner — +2,5 %", "ASoft CRM Competency Partner: +2.5%"),
    Published("R74", "ASoft Retail Partner — +1 %", "ASoft Retail Partner: +1%"),
    Published("R75", "до 40 %", "up to 40%"),
    Published("R76", "рассчитываются по запросу", "calculated at the Partner’s request"),
    Published("R77", "дополнительной скидкой при следующей продаже", "on the next sale"),
    Published("R78", "перечень маркетинговых активностей", "list of marketing activities"),
    Published("R79", "маркетинговая акция", "marketing promotion"),
    Published("R80", "подписав Соглашение о Присоединении", "Accession Agreement"),
    Published("R81", "подтверждают согласие", "confirm the Partner’s consent"),
    Published("R82", "Дополнительным Соглашением", "Additional Agreement"),
    Published("R83", "изменены в одностороннем порядке", "changed one-sidedly"),
    Published("R84", "2 — ASoft CRM Competency Partner", "2: ASoft CRM Competency Partner"),
]


def test_every_rule_of_the_source_is_looked_for() -> None:
    assert [row.rule for row in CLAUSES] == [f"R{number}" for number in range(1, 85)]


@pytest.fixture(scope="module")
def anchors(django_db_setup: None, django_db_blocker: object) -> dict[str, dict[str, str]]:
    """The words under each anchor of the terms page, by language: the page is read once."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        pages = {"ru": fetch(Client(), "/terms/"), "en": fetch(Client(), "/en/terms/")}
    return {
        language: {row.rule: text_of(page.find(id=row.rule.lower())) for row in CLAUSES}
        for language, page in pages.items()
    }


@pytest.mark.parametrize("row", CLAUSES, ids=lambda row: row.rule)
def test_the_rule_stands_under_its_anchor_in_both_languages(row: Published, anchors: dict[str, dict[str, str]]) -> None:
    assert row.russian in anchors["ru"][row.rule]
    assert row.english in anchors["en"][row.rule]


ELSEWHERE = [
    ("R3", "/programme/", "сообществ", "communit"),
    ("R4", "/join/", "информационных технологий", "information technology"),
    ("R10", "/products/", "ASoft CRM Work&Education", "ASoft CRM Work&Education"),
    ("R12", "/", "ASoft CRM Competency Partner", "ASoft CRM Competency Partner"),
    ("R12", "/levels/", "ASoft SaaS Partner", "ASoft SaaS Partner"),
    ("R14", "/levels/retail/", "диверсифицировать свой бизнес", "diversify its business"),
    ("R15", "/levels/retail/", "10 %", "10%"),
    ("R15", "/", "10 %", "10%"),
    ("R17", "/levels/retail/", "до 50 %", "up to 50%"),
    ("R22", "/levels/retail/", "исключительно поставку", "may only supply"),
    ("R23", "/levels/retail/", "кроме присоединения", "beyond joining"),
    ("R25", "/levels/competency/", "20 %", "20%"),
    ("R25", "/", "20 %", "20%"),
    ("R29", "/levels/competency/", "Администратор ASoft CRM", "ASoft CRM Administrator"),
    ("R30", "/levels/competency/", "Маркетинговые активности", "Marketing activities"),
    ("R31", "/levels/competency/", "50 %", "50%"),
    ("R32", "/levels/competency/", "предоставляется право", "given the right"),
    ("R33", "/levels/competency/", "до 50 % от стоимости обновлений", "up to 50% of the price of updates"),
    ("R34", "/levels/competency/", "Анонс участия", "Announcement of participation"),
    ("R35", "/levels/saas/", "в аренду Лицензий", "rental of Licences"),
    ("R35", "/levels/saas/", "25 %", "25%"),
    ("R37", "/levels/saas/", "Сертифицированные сотрудники", "Certified employees"),
    ("R38", "/levels/saas/", "Изоляция", "Isolation"),
    ("R39", "/levels/saas/", "Лицензии для сдачи в аренду", "Licences to be rented out"),
    ("R40", "/levels/saas/", "Расширенная техническая поддержка", "Extended technical support"),
    ("R41", "/levels/saas/", "Анонс участия", "Announcement of participation"),
    ("R42", "/contacts/", "SaaS", "SaaS"),
    ("R43", "/levels/saas/", "внедрять и кастомизировать", "implement and customise"),
    ("R44", "/join/", "календарный год", "calendar year"),
    ("R46", "/products/", "25 %", "25%"),
    ("R64", "/benefits/", "25 %", "25%"),
    ("R65", "/benefits/", "100 %", "100%"),
    ("R66", "/benefits/", "10 %", "10%"),
    ("R71", "/programme/", "75 %", "75%"),
    ("R72", "/programme/", "+10 %", "+10%"),
    ("R73", "/programme/", "+2,5 %", "+2.5%"),
    ("R74", "/events/", "+2,5 %", "+2.5%"),
    ("R75", "/programme/", "40 %", "40%"),
    ("R78", "/contacts/", "маркетинговых активностей", "marketing activities"),
    ("R80", "/join/", "Соглашение о", "Accession Agreement"),
    ("R82", "/faq/", "Дополнительн", "Additional Agreement"),
    ("R84", "/join/", "1", "1"),
]


@pytest.mark.parametrize(("rule", "path", "russian", "english"), ELSEWHERE)
def test_the_rule_stands_on_the_page_its_readers_open(
    client: Client, rule: str, path: str, russian: str, english: str
) -> None:
    assert russian in main_of(client, path)
    assert english in main_of(client, f"/en{path}")


BENEFITS = [
    ("R55", "+++"),
    ("R56", "-++"),
    ("R57", "+++"),
    ("R58", "+++"),
    ("R59", "+++"),
    ("R60", "+++"),
    ("R61", "-++"),
    ("R62", "-++"),
    ("R63", "-++"),
    ("R67", "-++"),
]


@pytest.mark.parametrize(("rule", "cells"), BENEFITS)
def test_the_benefit_is_given_to_the_levels_the_source_names(client: Client, rule: str, cells: str) -> None:
    programme = client.get("/api/v1/programme/").json()
    [benefit] = [row for row in programme["benefits"] if row["clause"] == rule]
    assert [benefit["levels"][slug]["kind"] for slug in ("retail", "competency", "saas")] == [KINDS[c] for c in cells]

    row = fetch(client, "/benefits/").find(id=f"benefit-{benefit['key']}")
    assert [WORDS[c] in text_of(cell) for c, cell in zip(cells, row.find_all("td"), strict=True)] == [True] * len(cells)


KINDS = {"+": "yes", "-": "no"}
WORDS = {"+": "да", "-": "нет"}
