"""The contract between rows, rules and pages: what an edition's frozen data answers."""

import subprocess
import sys
from dataclasses import FrozenInstanceError
from decimal import Decimal
from pathlib import Path

import pytest

from program_pages.rules.terms import (
    Benefit,
    BenefitCell,
    CeilingScope,
    CellKind,
    Clause,
    DemoLicencesPer,
    NoImplementations,
    OwnUseWithoutMinimum,
    Readings,
    Rounding,
    Section,
    ServicesBase,
    Text,
    Topic,
    UnknownLevel,
    UpdatesShareRule,
)

from .builders import make_terms

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        (Text("Скидка", "Discount"), "ru", "Скидка"),
        (Text("Скидка", "Discount"), "en", "Discount"),
        (Text("Скидка", "Discount"), "en-gb", "Discount"),
        (Text("Скидка", "Discount"), "de", "Скидка"),
        (Text("Скидка"), "en", "Скидка"),
    ],
    ids=["russian", "english", "british", "german", "no english"],
)
def test_a_text_is_said_in_the_readers_language_or_in_russian(text: Text, language: str, said: str) -> None:
    assert text.in_language(language) == said


def test_a_text_is_empty_without_its_russian() -> None:
    assert not Text("")
    assert Text("Скидка")


def test_a_level_is_found_by_its_slug_and_an_unknown_one_is_named() -> None:
    terms = make_terms()
    assert terms.level("saas").discount == Decimal(25)
    with pytest.raises(UnknownLevel) as refused:
        terms.level("platinum")
    assert refused.value.args == ("platinum",)


def test_r13_a_fourth_level_is_only_data() -> None:
    terms = make_terms({"retail": "11", "competency": "22", "saas": "27", "bank": "23.5"})
    assert terms.level("bank").discount == Decimal("23.5")
    assert [level.contract_code for level in terms.levels] == [1, 2, 3, 4]


def test_a_benefits_cell_is_found_by_the_levels_slug() -> None:
    yes, no = BenefitCell("saas", CellKind.YES), BenefitCell("retail", CellKind.NO)
    benefit = Benefit("training", Text("Обучение"), "R56", (no, yes))
    assert benefit.cell("saas") is yes
    assert benefit.cell("retail") is no
    with pytest.raises(UnknownLevel, match="platinum"):
        benefit.cell("platinum")


GENERAL = Clause("R52", "6.7", Text("По согласованию"), topic=Topic.SUPPORT_PERCENT)
OWN = Clause("R51", "6.6", Text("Поддержка"), level="competency", topic=Topic.SUPPORT_PERCENT)
PLAIN = Clause("R1", "1.1", Text("Программа"))


def test_clauses_come_in_the_order_of_the_text_and_by_code() -> None:
    terms = make_terms(sections=(Section(1, Text("О программе"), (PLAIN,)), Section(6, Text("Цены"), (OWN, GENERAL))))
    assert [clause.code for clause in terms.clauses] == ["R1", "R51", "R52"]
    assert terms.clause("R51") is OWN
    assert terms.clause("R999") is None
    assert OWN.anchor == "r51"


@pytest.mark.parametrize("clauses", [(OWN, GENERAL), (GENERAL, OWN)])
def test_a_topic_is_governed_by_the_levels_own_clause_first(clauses: tuple[Clause, ...]) -> None:
    terms = make_terms(sections=(Section(6, Text("Цены"), clauses),))
    assert terms.clause_on(Topic.SUPPORT_PERCENT, "competency") is OWN
    assert terms.clause_on(Topic.SUPPORT_PERCENT, "retail") is GENERAL
    assert terms.clause_on(Topic.SUPPORT_PERCENT) is GENERAL
    assert terms.clause_on(Topic.EVENTS) is None


def test_another_levels_clause_governs_nobody_else() -> None:
    terms = make_terms(sections=(Section(6, Text("Цены"), (OWN,)),))
    assert terms.clause_on(Topic.SUPPORT_PERCENT, "retail") is None
    assert terms.clause_on(Topic.SUPPORT_PERCENT) is None


def test_another_levels_clause_says_why_a_level_has_none_of_it_where_no_clause_is_nearer() -> None:
    others = Clause("R35", "4.1", Text("Аренда"), level="saas", topic=Topic.SUPPORT_PERCENT)
    terms = make_terms(sections=(Section(6, Text("Цены"), (others, OWN)),))
    assert terms.clause_about(Topic.SUPPORT_PERCENT, "competency") is OWN
    assert terms.clause_about(Topic.SUPPORT_PERCENT, "retail") is others
    assert terms.clause_about(Topic.EVENTS, "retail") is None
    general = make_terms(sections=(Section(6, Text("Цены"), (others, GENERAL)),))
    assert general.clause_about(Topic.SUPPORT_PERCENT, "retail") is GENERAL


def test_an_edition_cannot_be_changed() -> None:
    terms = make_terms()
    with pytest.raises(FrozenInstanceError):
        terms.ceiling = Decimal(43)  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        terms.levels[0].discount = Decimal(11)  # type: ignore[misc]


def test_a2_to_a12_have_the_readings_the_programme_was_agreed_with() -> None:
    assert Readings() == Readings(
        ceiling_scope=CeilingScope.DISCOUNT_AND_BONUSES,  # A2
        own_use_without_minimum=OwnUseWithoutMinimum.RANGE,  # A3
        updates_share_rule=UpdatesShareRule.AGREED_ONLY,  # A4
        demo_licences_per=DemoLicencesPer.PARTNER,  # A5
        no_implementations=NoImplementations.NOT_APPLICABLE,  # A6
        level_change_within_year=True,  # A7
        all_joining_steps_required=True,  # A8
        services_base=ServicesBase.FINAL_PRICE,  # A9
        rounding=Rounding.HALF_UP,  # A10
        prices_include_vat=False,  # A10
        time_zone="Europe/Moscow",  # A11
        renewal_opens_month=11,  # A11
        renewal_opens_day=1,  # A11
        grace_days=0,  # A11
        mark_sample_prices=True,  # A12
    )


WITHOUT_DJANGO = """
import importlib, pkgutil, sys

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "wagtail"}:
            raise ImportError(name + " is not for the rules")

sys.meta_path.insert(0, NoDjango())
try:
    import django
except ImportError:
    pass
else:
    raise SystemExit("django was not blocked")

import program_pages.rules
for module in pkgutil.walk_packages(program_pages.rules.__path__, "program_pages.rules."):
    importlib.import_module(module.name)
    print(module.name)
"""


def test_the_rules_import_without_django() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_DJANGO], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    modules = {path.stem for path in (ROOT / "program_pages" / "rules").glob("*.py")} - {"__init__"}
    assert set(done.stdout.split()) == {f"program_pages.rules.{stem}" for stem in modules}
    assert {"money", "calendar", "quote", "terms"} <= modules
