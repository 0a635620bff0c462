"""An edition in the admin: every tab is saved, what is incomplete is refused, what is in force stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry, TaskState

from program_pages.actions.editions import COPIED, copy_edition, proposed_day
from program_pages.models import Benefit, BenefitCell, Bonus, Level, ProductLine, TermsEdition
from program_pages.models.edition import programme_day
from program_pages.terms import terms_of
from tests.admin.conftest import Url
from tests.admin.forms import Data, opened, prefix_of, said
from tests.factories.editions import draft_edition, publish_edition

SECTIONS = ("level_terms", "benefits", "bonuses", "requirements", "sections", "clauses")


def latest(edition: TermsEdition) -> TermsEdition:
    return TermsEdition.objects.get(pk=edition.pk).get_latest_revision_as_object()


def send(client: Client, address: str, data: Data, action: str = "", *, follow: bool = False) -> Any:
    """Sends the form with one of its buttons; where asked, follows to the page that answers, which takes a while."""
    return client.post(address, data | ({f"action-{action}": "1"} if action else {}), follow=follow)


def add_row(data: Data, relation: str, **values: Any) -> str:
    """A row as the page's script adds it; returns its prefix."""
    number = int(data[f"{relation}-TOTAL_FORMS"])
    data[f"{relation}-TOTAL_FORMS"] = str(number + 1)
    prefix = f"{relation}-{number}"
    data |= {f"{prefix}-{name}": value for name, value in values.items()}
    data[f"{prefix}-ORDER"] = str(number + 1)
    return prefix


def test_an_untouched_form_saves_the_same_terms(admin: Client, draft: TermsEdition, url: Url) -> None:
    before = terms_of(latest(draft))
    address = url("termsedition", "edit", draft.pk)
    assert send(admin, address, opened(admin, address)).status_code == 302
    assert terms_of(latest(draft)) == before
    assert latest(draft).latest_revision_id != draft.latest_revision_id


def test_every_tab_is_saved(admin: Client, draft: TermsEdition, url: Url) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    level = prefix_of(data, "level_terms", "summary_ru", latest(draft).level_terms.first().summary_ru)
    data |= {"name_ru": "Иная редакция", "ceiling": "43", "grace_days": "5", f"{level}-discount": "11"}
    data[f"{prefix_of(data, 'requirements', 'clause', 'R31')}-threshold"] = "55"
    data[f"{prefix_of(data, 'clauses', 'code', 'R50')}-text_en"] = "Another text."
    data[f"{prefix_of(data, 'sections', 'number', '1')}-title_ru"] = "Иной раздел"
    send(admin, address, data)
    saved = latest(draft)
    assert (saved.name_ru, saved.ceiling, saved.grace_days) == ("Иная редакция", Decimal(43), 5)
    assert saved.level_terms.first().discount == Decimal(11)
    assert next(row for row in saved.requirements.all() if row.clause == "R31").threshold == Decimal(55)
    assert next(row for row in saved.clauses.all() if row.code == "R50").text_en == "Another text."
    assert next(row for row in saved.sections.all() if row.number == 1).title_ru == "Иной раздел"


def test_the_grid_of_benefits_keeps_its_cells_in_drafts(admin: Client, draft: TermsEdition, url: Url) -> None:
    retail, saas = Level.objects.get(slug="retail"), Level.objects.get(slug="saas")
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    row = prefix_of(data, "benefits", "key", "training")
    assert data[f"{row}-level_{retail.pk}_kind"] == "no"
    assert data[f"{row}-level_{saas.pk}_kind"] == "yes"
    data |= {
        f"{row}-level_{retail.pk}_kind": "value",
        f"{row}-level_{retail.pk}_value_ru": "один день",
        f"{row}-level_{retail.pk}_value_en": "one day",
        f"{row}-level_{saas.pk}_kind": "no",
    }
    send(admin, address, data)
    benefit = terms_of(latest(draft)).benefits
    training = next(item for item in benefit if item.key == "training")
    assert training.cell("retail").value.ru == "один день"
    assert training.cell("saas").kind == "no"
    again = opened(admin, address)
    assert again[f"{row}-level_{retail.pk}_value_en"] == "one day"


def test_a_draft_beside_a_published_edition_leaves_it_alone(admin: Client, url: Url) -> None:
    coming = publish_edition(effective_from=date(programme_day().year + 3, 1, 1))
    address = url("termsedition", "edit", coming.pk)
    data = opened(admin, address)
    level = Level.objects.get(slug="competency")
    row = prefix_of(data, "bonuses", "key", "reviews")
    data[f"{row}-level_{level.pk}_points"] = "7.5"
    send(admin, address, data)

    def points(edition: TermsEdition) -> Decimal | None:
        return next(item for item in terms_of(edition).bonuses if item.key == "reviews").points["competency"]

    assert points(TermsEdition.objects.get(pk=coming.pk)) == Decimal(5)
    assert points(latest(coming)) == Decimal("7.5")
    response = send(admin, address, opened(admin, address), "publish")
    assert points(TermsEdition.objects.get(pk=coming.pk)) == Decimal("7.5"), said(response)


def test_r13_a_new_level_has_its_columns_and_its_terms_without_code(
    manager: Client, draft: TermsEdition, url: Url
) -> None:
    line = ProductLine.objects.get(slug="crm")
    created = manager.post(
        url("level", "add"),
        {
            "slug": "expert",
            "contract_code": "4",
            "product_line": line.pk,
            "name_ru": "ASoft Expert",
            "name_en": "ASoft Expert",
            "short_name_ru": "Expert",
            "short_name_en": "Expert",
            "mark_name": "ASoft Expert",
            "colour": "#7a2e8e",
            "shape": "diamond",
            "order": "4",
        },
    )
    assert created.status_code == 302
    expert = Level.objects.get(slug="expert")
    address = url("termsedition", "edit", draft.pk)
    data = opened(manager, address)
    add_row(
        data,
        "level_terms",
        level=expert.pk,
        discount="30",
        demo_licences="2",
        summary_ru="Новый",
        summary_en="New",
    )
    data[f"{prefix_of(data, 'benefits', 'key', 'training')}-level_{expert.pk}_kind"] = "yes"
    data[f"{prefix_of(data, 'bonuses', 'key', 'reviews')}-level_{expert.pk}_points"] = "6"
    response = send(manager, address, data)
    terms = terms_of(latest(draft))
    assert terms.levels[-1].slug == "expert", said(response)
    assert terms.levels[-1].discount == Decimal(30)
    assert next(item for item in terms.benefits if item.key == "training").cell("expert").kind == "yes"
    assert next(item for item in terms.bonuses if item.key == "reviews").points["expert"] == Decimal(6)


def test_rows_of_a_grid_are_added_deleted_and_reordered(admin: Client, draft: TermsEdition, url: Url) -> None:
    retail = Level.objects.get(slug="retail")
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    gone, first = prefix_of(data, "bonuses", "key", "event_attended"), prefix_of(data, "bonuses", "key", "event_hosted")
    data |= {f"{gone}-DELETE": "1", f"{first}-ORDER": "0"}
    new = add_row(
        data, "bonuses", key="blog", measure="other", title_ru="Статьи", title_en="Articles", clause="R78", group=""
    )
    data[f"{new}-level_{retail.pk}_points"] = "1.5"
    response = send(admin, address, data)
    bonuses = terms_of(latest(draft)).bonuses
    assert next(bonus.key for bonus in bonuses) == "event_hosted", said(response)
    assert "event_attended" not in {bonus.key for bonus in bonuses}
    assert bonuses[-1].key == "blog"
    assert bonuses[-1].points == {"retail": Decimal("1.5"), "competency": None, "saas": None}


def test_an_empty_cell_is_no_bonus_and_leaves_no_row(admin: Client, draft: TermsEdition, url: Url) -> None:
    level = Level.objects.get(slug="saas")
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    data[f"{prefix_of(data, 'bonuses', 'key', 'reviews')}-level_{level.pk}_points"] = ""
    send(admin, address, data)
    reviews = next(row for row in latest(draft).bonuses.all() if row.key == "reviews")
    assert level.pk not in {cell.level_id for cell in reviews.points.all()}


@pytest.mark.parametrize(
    ("relation", "key", "field", "value", "complaint"),
    [
        ("bonuses", "reviews", "points", "101", "меньше либо равно 100"),
        ("bonuses", "reviews", "points", "много", "Введите число"),
        ("benefits", "training", "kind", "value", "Впишите значение"),
        ("benefits", "training", "kind", "bogus", "Выберите корректный вариант"),
    ],
)
def test_a_bad_cell_is_refused_beside_it_and_nothing_typed_is_lost(
    admin: Client, draft: TermsEdition, url: Url, relation: str, key: str, field: str, value: str, complaint: str
) -> None:
    level = Level.objects.get(slug="retail")
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    data[f"{prefix_of(data, relation, 'key', key)}-level_{level.pk}_{field}"] = value
    data["name_ru"] = "Набрано и не потеряно"
    response = admin.post(address, data)
    assert response.status_code == 200
    assert complaint in said(response)
    assert "Набрано и не потеряно" in response.content.decode()
    assert latest(draft).name_ru != "Набрано и не потеряно"


def test_two_clauses_on_one_topic_are_refused_beside_the_second(admin: Client, draft: TermsEdition, url: Url) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    topic = next(row for row in latest(draft).clauses.all() if row.topic and not row.level_id).topic
    free = next(
        name for name, value in data.items() if name.startswith("clauses-") and name.endswith("-topic") and not value
    )
    data |= {free: topic, free.replace("-topic", "-level"): ""}
    data[free.replace("-topic", "-kind")] = "text"
    response = admin.post(address, data)
    assert response.status_code == 200
    assert "Эта отметка уже стоит у другого пункта" in said(response)


def test_rows_that_exchange_codes_get_a_message_and_not_an_error(admin: Client, draft: TermsEdition, url: Url) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    one, two = prefix_of(data, "clauses", "code", "R51"), prefix_of(data, "clauses", "code", "R53")
    data |= {f"{one}-code": "R53", f"{two}-code": "R51"}
    response = admin.post(address, data, follow=True)
    assert response.status_code == 200
    assert "две строки меняются кодами" in said(response)


# --- What is incomplete ---


def without_a_discount(data: Data) -> None:
    data["level_terms-0-discount"] = ""


def on_the_day_of_the_one_in_force(data: Data) -> None:
    data["effective_from"] = TermsEdition.objects.in_force(programme_day()).effective_from.isoformat()  # type: ignore[union-attr]


def without_english(data: Data) -> None:
    data[f"{prefix_of(data, 'benefits', 'key', 'training')}-title_en"] = ""


def with_an_unknown_clause(data: Data) -> None:
    data[f"{prefix_of(data, 'bonuses', 'key', 'reviews')}-clause"] = "R999"


def with_a_discount_above_the_ceiling(data: Data) -> None:
    data |= {"ceiling": "19.99", "level_terms-0-discount": "20"}


INCOMPLETE = [
    (without_a_discount, "Уровни: у уровня «Retail» нет скидки."),
    (on_the_day_of_the_one_in_force, "Редакция: с этого дня уже действует другая редакция"),
    (without_english, "Преимущества: у «Обучение двух специалистов"),
    (with_an_unknown_clause, "ссылается на пункт R999, которого нет."),
    (with_a_discount_above_the_ceiling, "Уровни: у уровня «Retail» скидка больше потолка"),
]


@pytest.mark.parametrize(("spoil", "complaint"), INCOMPLETE)
@pytest.mark.parametrize("action", ["publish", "submit"])
def test_an_incomplete_edition_is_not_approved_and_says_what_and_where(
    admin: Client, draft: TermsEdition, url: Url, spoil: Any, complaint: str, action: str
) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    spoil(data)
    response = admin.post(address, data | {f"action-{action}": "1"})
    assert response.status_code == 200
    assert complaint in said(response)
    stored = TermsEdition.objects.get(pk=draft.pk)
    assert not stored.live
    assert stored.current_workflow_state is None


@pytest.mark.parametrize(("spoil", "complaint"), INCOMPLETE)
def test_an_incomplete_edition_is_saved_as_a_draft(
    admin: Client, draft: TermsEdition, url: Url, spoil: Any, complaint: str
) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    spoil(data)
    data["vat_note_ru"] = "Черновик сохранён"
    response = send(admin, address, data)
    assert response.status_code == 302
    assert latest(draft).vat_note_ru == "Черновик сохранён", said(response)


def test_a_manager_submits_and_another_approves_r83(
    manager: Client, superuser: Any, draft: TermsEdition, url: Url
) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(manager, address)
    refused = send(manager, address, data, "publish")
    assert not TermsEdition.objects.get(pk=draft.pk).live, said(refused)
    send(manager, address, opened(manager, address), "submit")
    state = TaskState.objects.get(workflow_state__object_id=str(draft.pk))
    assert state.status == TaskState.STATUS_IN_PROGRESS
    approving = Client()
    approving.force_login(superuser)
    approving.post(url("termsedition", "workflow_action", draft.pk, "approve", state.pk), {"comment": ""}, follow=True)
    approved = TermsEdition.objects.get(pk=draft.pk)
    assert approved.live
    assert approved.approved_by == superuser


@pytest.mark.parametrize("script", [False, True])
def test_an_edition_whose_date_was_taken_meanwhile_is_refused_on_approval(
    manager: Client, admin: Client, draft: TermsEdition, url: Url, script: bool
) -> None:
    address = url("termsedition", "edit", draft.pk)
    send(manager, address, opened(manager, address), "submit")
    publish_edition(effective_from=draft.effective_from)
    state = TaskState.objects.get(workflow_state__object_id=str(draft.pk))
    headers = {"x-requested-with": "XMLHttpRequest"} if script else {}
    response = admin.post(
        url("termsedition", "workflow_action", draft.pk, "approve", state.pk), {"comment": ""}, headers=headers
    )
    assert response.status_code == (200 if script else 302)
    assert "с этого дня уже действует другая редакция" in said(admin.get(address))
    state.refresh_from_db()
    assert state.status == TaskState.STATUS_IN_PROGRESS
    assert not TermsEdition.objects.get(pk=draft.pk).live


def test_approving_from_the_form_is_refused_with_reasons_too(
    manager: Client, admin: Client, draft: TermsEdition, url: Url
) -> None:
    address = url("termsedition", "edit", draft.pk)
    send(manager, address, opened(manager, address), "submit")
    data = opened(admin, address)
    without_a_discount(data)
    response = send(admin, address, data | {"workflow-action-name": "approve"}, "workflow-action")
    assert "у уровня «Retail» нет скидки" in said(response)
    assert not TermsEdition.objects.get(pk=draft.pk).live


# --- What is in force ---


def test_an_edition_in_force_is_read_only_and_explains_itself(admin: Client, in_force: TermsEdition, url: Url) -> None:
    address = url("termsedition", "edit", in_force.pk)
    page = admin.get(address)
    assert "Редакция вступила в силу и не меняется" in said(page)
    assert url("termsedition", "copy", in_force.pk) in page.content.decode()
    before = terms_of(in_force)
    response = admin.post(address, {"name_ru": "Подмена", "ceiling": "99"})
    assert response.status_code == 200
    assert terms_of(TermsEdition.objects.get(pk=in_force.pk)) == before
    assert TermsEdition.objects.get(pk=in_force.pk).latest_revision_id == in_force.latest_revision_id


@pytest.mark.parametrize("view", ["delete", "unpublish"])
def test_an_edition_in_force_is_neither_deleted_nor_unpublished(
    admin: Client, in_force: TermsEdition, url: Url, view: str
) -> None:
    for method in (admin.get, admin.post):
        response = method(url("termsedition", view, in_force.pk), follow=True)
        assert response.status_code == 200
        assert "уже вступила в силу и не меняется" in said(response)
    assert TermsEdition.objects.get(pk=in_force.pk).live


def test_an_edition_in_force_is_not_deleted_among_many(
    admin: Client, in_force: TermsEdition, draft: TermsEdition, url: Url
) -> None:
    address = f"/admin/bulk/program_pages/termsedition/delete/?id={in_force.pk}&id={draft.pk}"
    response = admin.post(address, follow=True)
    assert "уже вступила в силу и не меняется" in said(response)
    assert TermsEdition.objects.filter(pk__in=[in_force.pk, draft.pk]).count() == 2


@pytest.mark.parametrize("bulk", [False, True])
def test_a_level_that_editions_speak_of_is_not_deleted(
    admin: Client, in_force: TermsEdition, url: Url, bulk: bool
) -> None:
    level = Level.objects.get(slug="retail")
    single = url("level", "delete", level.pk)
    response = admin.post(f"/admin/bulk/program_pages/level/delete/?id={level.pk}" if bulk else single, follow=True)
    assert "нельзя удалить" in said(response)
    assert Level.objects.filter(pk=level.pk).exists()


def test_a_draft_is_deleted(admin: Client, draft: TermsEdition, url: Url) -> None:
    response = admin.post(url("termsedition", "delete", draft.pk), follow=True)
    assert not TermsEdition.objects.filter(pk=draft.pk).exists(), said(response)


# --- Copies ---


def test_a_copy_says_all_that_the_edition_says_and_is_a_draft(in_force: TermsEdition, superuser: Any) -> None:
    copied = copy_edition(edition=in_force, actor=superuser, effective_from=date(2090, 1, 1))
    stored = TermsEdition.objects.get(pk=copied.pk)
    assert (stored.live, stored.approved_by, stored.effective_from) == (False, None, date(2090, 1, 1))
    assert stored.name_ru == f"{in_force.name_ru} (копия)"
    for relation in SECTIONS:
        assert getattr(stored, relation).count() == getattr(in_force, relation).count() > 0
    original, copy = terms_of(in_force), terms_of(stored)
    assert (copy.levels, copy.benefits, copy.bonuses) == (original.levels, original.benefits, original.bonuses)
    assert BenefitCell.objects.filter(benefit__edition=stored).exists()
    assert not set(Benefit.objects.filter(edition=stored)) & set(Benefit.objects.filter(edition=in_force))
    assert Bonus.objects.filter(edition=in_force).exists()


def test_a_copy_leaves_its_audit_row(in_force: TermsEdition, superuser: Any) -> None:
    copied = copy_edition(edition=in_force, actor=superuser)
    entry = ModelLogEntry.objects.get(action=COPIED, object_id=str(copied.pk))
    assert entry.user == superuser
    assert in_force.name_ru in str(entry.message)


def test_the_proposed_day_is_the_1_january_after_the_latest_edition(
    in_force: TermsEdition, draft: TermsEdition
) -> None:
    assert proposed_day() == date(draft.effective_from.year + 1, 1, 1)


def test_a_copy_is_made_from_the_admin_and_opened(manager: Client, in_force: TermsEdition, url: Url) -> None:
    address = url("termsedition", "copy", in_force.pk)
    data = opened(manager, address)
    assert data["effective_from"] == f"{proposed_day():%d.%m.%Y}"
    response = manager.post(address, data, follow=True)
    copied = TermsEdition.objects.exclude(pk=in_force.pk).latest("pk")
    assert response.redirect_chain[-1][0] == url("termsedition", "edit", copied.pk)
    assert "Создан черновик" in said(response)


def test_a_copy_for_a_day_that_is_taken_is_refused_beside_the_field(
    manager: Client, in_force: TermsEdition, url: Url
) -> None:
    day = in_force.effective_from.isoformat()
    response = manager.post(url("termsedition", "copy", in_force.pk), {"effective_from": day})
    assert "С этого дня уже действует другая редакция" in said(response)
    assert TermsEdition.objects.filter(effective_from=day).count() == 1


# --- The listing ---


def test_the_listing_says_where_each_edition_is_in_its_life(
    manager: Client, in_force: TermsEdition, draft: TermsEdition, url: Url
) -> None:
    publish_edition(effective_from=date(programme_day().year + 3, 1, 1))
    publish_edition()
    address = url("termsedition", "edit", draft.pk)
    assert "черновик" in said(manager.get(url("termsedition", "list")))
    send(manager, address, opened(manager, address), "submit")
    listing = said(manager.get(url("termsedition", "list")))
    for state in ("действует", "действовала", "утверждена, вступит в силу", "ждёт утверждения"):
        assert state in listing
    assert "черновик" not in listing


def test_the_form_asks_the_database_no_more_for_more_clauses(admin: Client, draft: TermsEdition, url: Url) -> None:
    longer = draft_edition(effective_from=date(programme_day().year + 4, 1, 1))
    assert longer.clauses.count() > 2 * draft.clauses.count()
    admin.get(url("termsedition", "edit", draft.pk))
    asked = []
    for edition in (draft, longer):
        with CaptureQueriesContext(connection) as queries:
            admin.get(url("termsedition", "edit", edition.pk))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_the_comparison_of_drafts_shows_changed_cells(admin: Client, draft: TermsEdition, url: Url) -> None:
    level = Level.objects.get(slug="retail")
    address = url("termsedition", "edit", draft.pk)
    before = draft.latest_revision_id
    data = opened(admin, address)
    data[f"{prefix_of(data, 'bonuses', 'key', 'sales_plan')}-level_{level.pk}_points"] = "12.5"
    send(admin, address, data)
    compared = said(admin.get(url("termsedition", "revisions_compare", draft.pk, before, "latest")))
    assert "12.5" in compared
    assert "По уровням" in compared
