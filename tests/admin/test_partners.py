"""Partners in the admin: who may, the life of a profile, the listing, what is done with several at once."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partner_directory.actions import partners as actions
from partner_directory.models import City, Industry, Listing, Membership, Message, Partner, Region, Specialist
from program_pages.models.edition import programme_day
from tests.admin.forms import Data, opened, said
from tests.admin.partners import stored_partner
from tests.admin.test_rights import EVERYONE, status
from tests.admin.test_russian import english_in
from tests.factories.partners import make_partner
from tests.factories.portal import make_member

pytestmark = pytest.mark.django_db


def address(view: str, *args: Any, model: str = "partner") -> str:
    return reverse(f"wagtailsnippets_partner_directory_{model}:{view}", args=args)


def register(model: str, view: str, *args: Any) -> str:
    return reverse(f"partner_directory_{model}_modeladmin_{view}", args=args)


def bulk(action: str, *partners: Partner) -> str:
    keys = "&".join(f"id={partner.pk}" for partner in partners)
    url = reverse("wagtail_bulk_action", args=["partner_directory", "partner", action])
    return f"{url}?{keys}&next={address('list')}"


def latest(partner: Partner) -> Partner:
    return Partner.objects.get(pk=partner.pk).get_latest_revision_as_object()


KEEPERS = {"partner_manager"}
READERS = KEEPERS | {"editor"}
VIEWS: list[tuple[str, set[str]]] = [
    ("list", READERS),
    ("add", KEEPERS),
    ("edit", READERS),
    ("history", READERS),
    ("usage", READERS),
    ("delete", KEEPERS),
    ("unpublish", KEEPERS),
    ("import", KEEPERS),
    ("list?export=csv", KEEPERS),
    ("list?export=xlsx", KEEPERS),
    ("reports:unseen", READERS),
    ("reports:duplicates", READERS),
    ("membership:index", READERS),
    ("membership:create", KEEPERS),
    ("membership:inspect", READERS),
    ("membership:history", READERS),
    ("membership:change_level", KEEPERS),
    ("membership:suspend", KEEPERS),
    ("membership:end", KEEPERS),
    ("membership:index?export=csv", KEEPERS),
    ("membership:edit", set()),
    ("membership:delete", set()),
    ("specialist:index", KEEPERS),
    ("specialist:create", KEEPERS),
    ("specialist:edit", KEEPERS),
    ("specialist:delete", KEEPERS),
    ("industry:list", KEEPERS),
    ("region:list", KEEPERS),
    ("city:list", KEEPERS),
    ("city:add", KEEPERS),
]


def place(view: str) -> str:
    """The address of a view by its short name, about rows made for it."""
    name, _, query = view.partition("?")
    suffix = f"?{query}" if query else ""
    kind, _, view = name.rpartition(":")
    if kind == "reports":
        return reverse(f"partner_reports:{view}")
    if kind in {"industry", "region", "city"}:
        return address(view, model=kind)
    partner = stored_partner(level="competency")
    if kind == "membership":
        rows: list[Any] = [] if view in {"index", "create"} else [partner.memberships.get().pk]
    elif kind == "specialist":
        person = Specialist.objects.create(
            partner=partner, name_ru="Иван Иванов", certificate="A-1", certified_on=programme_day()
        )
        rows = [] if view in {"index", "create"} else [person.pk]
    else:
        rows = [] if view in {"list", "add", "import"} else [partner.pk]
        return address(view, *rows) + suffix
    return register(kind, view, *rows) + suffix


@pytest.mark.parametrize(("view", "allowed"), VIEWS)
def test_a_view_opens_for_those_whose_work_it_is(
    view: str, allowed: set[str], request: pytest.FixtureRequest, client: Client
) -> None:
    url = place(view)
    may = allowed | ({"admin"} if not view.startswith(("membership:edit", "membership:delete")) else set())
    found = {name: status(request.getfixturevalue(name), url) for name in EVERYONE}
    assert found == {name: 200 if name in may else 403 for name in EVERYONE}
    assert "/login/" in client.get(url)["Location"]


def test_a_draft_is_checked_published_and_listed(admin: Client, partner_manager: Client, editor: Client) -> None:
    data = opened(partner_manager, address("add"))
    partner_manager.post(address("add"), data | {"name_ru": "Ромашка", "inn": "7707083893"})
    partner = Partner.objects.get(name_ru="Ромашка")
    assert partner.slug == "romashka"
    assert not partner.live
    assert not Listing.objects.filter(partner=partner).exists()
    edit = address("edit", partner.pk)
    editor.post(edit, opened(editor, edit) | {"name_en": "Daisy"})
    assert latest(partner).name_en == "Daisy"
    partner_manager.post(edit, opened(partner_manager, edit) | {"action-publish": "1"})
    assert Listing.objects.get(partner=partner).card["name"] == ["Ромашка", "Daisy"]
    assert "Ромашка" in said(partner_manager.get(address("history", partner.pk)))


def test_an_editor_cannot_publish_but_a_workflow_can(editor: Client, partner_manager: Client, superuser: Any) -> None:
    partner = stored_partner(live=False)
    edit = address("edit", partner.pk)
    editor.post(edit, opened(editor, edit) | {"action-publish": "1"})
    assert not Partner.objects.get(pk=partner.pk).live
    editor.post(edit, opened(editor, edit) | {"action-submit": "1"})
    waiting = Partner.objects.get(pk=partner.pk)
    assert waiting.workflow_in_progress
    data = opened(partner_manager, edit) | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    partner_manager.post(edit, data)
    assert Partner.objects.get(pk=partner.pk).live


def test_a_profile_is_scheduled_locked_compared_and_previewed(partner_manager: Client, editor: Client) -> None:
    partner = stored_partner(live=False, name_ru="Прежнее")
    edit = address("edit", partner.pk)
    moment = timezone.localtime(timezone.now() + timedelta(days=3)).strftime("%d.%m.%Y %H:%M")
    data = opened(partner_manager, edit) | {"name_ru": "Будущее", "go_live_at": moment, "action-publish": "1"}
    partner_manager.post(edit, data)
    stored = Partner.objects.get(pk=partner.pk)
    assert not stored.live
    assert stored.scheduled_revision
    revisions = [revision.pk for revision in stored.revisions.order_by("pk")]
    compared = said(partner_manager.get(address("revisions_compare", partner.pk, revisions[0], revisions[-1])))
    assert "Будущее" in compared
    other = stored_partner(name_ru="Закрытый")
    partner_manager.post(address("lock", other.pk))
    assert Partner.objects.get(pk=other.pk).locked
    editor.post(address("edit", other.pk), opened(partner_manager, address("edit", other.pk)) | {"name_ru": "Иной"})
    assert latest(other).name_ru == "Закрытый"
    form = opened(partner_manager, address("edit", other.pk))
    assert partner_manager.post(address("preview_on_edit", other.pk), form).json()["is_valid"]
    assert "Закрытый" in said(partner_manager.get(address("preview_on_edit", other.pk)))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("inn", "7707083894", "контрольная цифра"),
        ("ogrn", "123", "неверная длина"),
        ("site_url", "javascript:alert(1)", "URL"),
        ("slug", "compare", "занят самим каталогом"),
        ("phones", "нет", "не телефон"),
    ],
)
def test_a_wrong_fact_is_refused_beside_its_field(
    partner_manager: Client, field: str, value: str, message: str
) -> None:
    partner = stored_partner()
    edit = address("edit", partner.pk)
    data = opened(partner_manager, edit) | {field: value, "action-publish": "1"}
    response = partner_manager.post(edit, data)
    page = BeautifulSoup(response.content, "html.parser")
    errors = page.find(id=f"panel-child-{field}-errors") or page.find(attrs={"data-contentpath": field})
    assert errors is not None
    assert message in said(response)
    assert getattr(latest(partner), field) != value


def test_services_beyond_the_level_are_refused_beside_their_field(partner_manager: Client) -> None:
    retail, free = stored_partner(level="retail"), stored_partner()
    for partner, may in ((retail, False), (free, True)):
        edit = address("edit", partner.pk)
        response = partner_manager.post(edit, opened(partner_manager, edit) | {"services": ["implementation"]})
        assert ("не разрешает: внедрение" in said(response)) is not may
        assert (latest(partner).services == ["implementation"]) is may


def test_an_office_is_kept_and_gives_its_region(partner_manager: Client) -> None:
    partner = stored_partner()
    city = City.objects.get(slug="kazan")
    edit = address("edit", partner.pk)
    data = opened(partner_manager, edit) | {
        "offices-TOTAL_FORMS": "1",
        "offices-0-city": str(city.pk),
        "offices-0-ORDER": "1",
        "action-publish": "1",
    }
    partner_manager.post(edit, data)
    assert Partner.objects.get(pk=partner.pk).offices.get().city == city
    assert city.region.name_ru in said(partner_manager.get(address("list")))
    broken = opened(partner_manager, edit) | {"offices-0-latitude": "55"}
    assert "и широта, и долгота" in said(partner_manager.post(edit, broken))


def test_cities_are_chosen_by_name_in_either_alphabet(partner_manager: Client) -> None:
    url = reverse("wagtailsnippetchoosers_partner_directory_city:choose_results")
    for query in ("казан", "KAZAN"):
        assert "Казань" in said(partner_manager.get(url, {"q": query}))
    assert partner_manager.get(url).status_code == 200


def test_the_listing_shows_what_partners_hold(partner_manager: Client) -> None:
    stored_partner(name_ru="Держатель", level="saas", inn="7707083893")
    shown = said(partner_manager.get(address("list")))
    assert "Держатель" in shown
    assert "действует" in shown or "истекает" in shown
    for query in ("ДЕРЖАТЕЛЬ", "держ", "7707083893", "derzhatel"):
        assert "Держатель" in said(partner_manager.get(address("list"), {"q": query})), query
    assert "Держатель" not in said(partner_manager.get(address("list_results"), {"q": "нетакого"}))


FILTERS = [
    ({"status": "none"}, {"Пустой"}),
    ({"status": "suspended"}, {"Приостановленный"}),
    ({"profile": "draft"}, {"Пустой"}),
    ({"profile": "live"}, {"Приостановленный", "Московский"}),
    ({"is_sample": "true"}, {"Московский"}),
    ({"completeness": "low"}, {"Приостановленный", "Московский"}),
    ({"completeness": "whole"}, set()),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_the_listing_is_narrowed(partner_manager: Client, query: Data, expected: set[str]) -> None:
    from partner_directory.actions.memberships import suspend

    stored_partner(name_ru="Пустой", live=False)
    held = stored_partner(name_ru="Приостановленный", level="retail")
    suspend(membership=held.memberships.get(), actor=None, reason="Проверка")
    stored_partner(name_ru="Московский", level="saas", is_sample=True)
    page = said(partner_manager.get(address("list_results"), query))
    assert {name for name in ("Пустой", "Приостановленный", "Московский") if name in page} == expected


def test_the_listing_is_narrowed_by_level_and_region(partner_manager: Client) -> None:
    held = stored_partner(name_ru="Держатель", level="saas")
    region = Region.objects.get(code="16")
    stored_partner(name_ru="Иной", level="retail")
    held.regions.add(region)
    held.save_revision().publish()
    level = held.memberships.get().level_id
    for query in ({"level": level}, {"region": region.pk}):
        page = said(partner_manager.get(address("list_results"), query))
        assert "Держатель" in page
        assert "Иной" not in page


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_rows_cost_no_queries(partner_manager: Client) -> None:
    for _ in range(5):
        stored_partner(level="retail", languages=["ru"])
    few = queries(partner_manager, address("list"))
    for number in range(58):
        stored_partner(level="competency" if number % 2 else "", live=bool(number % 3))
    assert queries(partner_manager, address("list")) <= few


def test_a_partner_with_memberships_is_not_deleted(partner_manager: Client) -> None:
    partner, free = stored_partner(level="retail"), stored_partner()
    response = partner_manager.post(address("delete", partner.pk), follow=True)
    assert re.search(r"нельзя удалить: на эту запись ссылаются .*членства", said(response))
    assert Partner.objects.filter(pk=partner.pk).exists()
    partner_manager.post(address("delete", free.pk))
    assert not Partner.objects.filter(pk=free.pk).exists()
    partner_manager.post(bulk("delete", partner), follow=True)
    assert Partner.objects.filter(pk=partner.pk).exists()


def test_many_are_published_and_withdrawn_at_once(partner_manager: Client, editor: Client) -> None:
    one, two = stored_partner(live=False), stored_partner(live=False)
    editor.post(bulk("publish", one, two))
    assert not Partner.objects.filter(live=True, pk__in=[one.pk, two.pk]).exists()
    assert "Опубликовано партнёров: 2" in said(partner_manager.post(bulk("publish", one, two), follow=True))
    assert Listing.objects.filter(partner__in=[one, two], shown=True).count() == 2
    partner_manager.post(bulk("unpublish", one))
    assert Listing.objects.filter(partner__in=[one, two], shown=True).count() == 1
    assert partner_manager.get(bulk("regions", one)).status_code == 200


def test_a_locked_partner_is_named_and_the_others_are_done(partner_manager: Client, superuser: Any) -> None:
    locked, free = stored_partner(live=False, name_ru="Занятый"), stored_partner(live=False)
    locked.locked, locked.locked_by = True, superuser
    locked.save()
    response = partner_manager.post(bulk("publish", locked, free), follow=True)
    assert "Профиль «Занятый» заблокирован" in said(response)
    assert Partner.objects.get(pk=free.pk).live
    assert not Partner.objects.get(pk=locked.pk).live


def test_regions_are_added_and_unfinished_drafts_stay_drafts(partner_manager: Client) -> None:
    region = Region.objects.get(code="16")
    plain, drafted = stored_partner(), stored_partner(name_ru="Было")
    drafted.name_ru = "Станет"
    drafted.save_revision()
    partner_manager.post(bulk("regions", plain, drafted), {"regions": [region.pk]})
    assert list(Partner.objects.get(pk=plain.pk).regions.all()) == [region]
    stored = Partner.objects.get(pk=drafted.pk)
    assert (stored.name_ru, list(stored.regions.all())) == ("Было", [])
    assert (latest(drafted).name_ru, list(latest(drafted).regions.all())) == ("Станет", [region])


def test_a_letter_goes_to_each_that_it_can_reach(
    partner_manager: Client, django_capture_on_commit_callbacks: Any
) -> None:
    addressed = stored_partner(email="one@example.org")
    peopled = stored_partner(email="public@example.org")
    person = make_member(peopled).user.email
    silent = stored_partner(name_ru="Безадресный")
    sample = stored_partner(name_ru="Выдуманный", email="sample@example.org", is_sample=True)
    letter = {"subject": "Новость\nBcc: x@example.org", "text": "Здравствуйте, {company}\n\nПриходите"}
    with django_capture_on_commit_callbacks(execute=True):
        response = partner_manager.post(bulk("write", addressed, peopled, silent, sample), letter, follow=True)
    assert sorted(letter.to for letter in mail.outbox) == sorted([["one@example.org"], [person]])
    assert "\n" not in mail.outbox[0].subject
    assert "Здравствуйте, {company}\n\nПриходите" in mail.outbox[0].body
    assert "Написано писем: 2" in said(response)
    assert "писать некуда: Безадресный, Выдуманный" in said(response)
    for partner in (addressed, peopled):
        assert "Написано письмо" in said(partner_manager.get(address("history", partner.pk)))


def test_letters_to_many_are_written_all_or_none(partner_manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    written = [stored_partner(email=f"{name}@example.org") for name in ("one", "two")]
    tell = actions.tell_partner

    def tell_the_first(**told: Any) -> None:
        if told["partner"] == written[1]:
            raise RuntimeError("Broken")
        tell(**told)

    monkeypatch.setattr(actions, "tell_partner", tell_the_first)
    with pytest.raises(RuntimeError):
        actions.write_to(partners=written, subject="Новость", text="Здравствуйте", actor=None)
    assert not Message.objects.exists()


def test_lists_are_kept(partner_manager: Client) -> None:
    data = {"slug": "space", "name_ru": "Космос", "name_en": "Space", "order": "1"}
    assert partner_manager.post(address("add", model="industry"), data).status_code == 302
    assert Industry.objects.filter(slug="space").exists()
    assert Membership.objects.count() == 0


def test_another_country_is_added_with_its_regions_and_cities_and_found(partner_manager: Client) -> None:
    country = {"code": "KZ", "name_ru": "Казахстан", "name_en": "Kazakhstan", "order": "2"}
    assert partner_manager.post(address("add", model="country"), country).status_code == 302
    region = {"country": "KZ", "code": "KZ-75", "name_ru": "Алматы", "name_en": "Almaty"}
    assert partner_manager.post(address("add", model="region"), region).status_code == 302
    place = {"latitude": "43.25", "longitude": "76.95", "population": "2000000"}
    city = {"name_ru": "Алматы", "name_en": "Almaty", "region": Region.objects.get(code="KZ-75").pk, "slug": ""}
    assert partner_manager.post(address("add", model="city"), city | place).status_code == 302
    partner = make_partner(city="almaty")

    assert partner_manager.get("/api/v1/partners/?region=KZ-75").json()["results"][0]["slug"] == partner.slug


def test_no_page_of_partners_says_an_english_word(admin: Client) -> None:
    partner = stored_partner(level="retail")
    membership = partner.memberships.get()
    pages = [
        address("list"), address("add"), address("edit", partner.pk), address("history", partner.pk),
        address("import"), bulk("publish", partner), bulk("regions", partner), bulk("write", partner),
        reverse("partner_reports:unseen"), reverse("partner_reports:duplicates"),
        register("membership", "index"), register("membership", "create"), register("specialist", "create"),
        register("membership", "inspect", membership.pk), register("membership", "end", membership.pk),
        address("list", model="city"), address("add", model="region"),
    ]  # fmt: skip
    found = {page: english_in(admin.get(page).content.decode()) for page in pages}
    assert {page: words for page, words in found.items() if words} == {}


def test_rights_that_an_administrator_took_away_stay_away() -> None:
    from partner_directory import rights

    group = Group.objects.get(name="Менеджеры партнёров")
    group.permissions.remove(*group.permissions.filter(codename="import_partner"))
    rights.load(lambda _line: None)
    assert not group.permissions.filter(codename="import_partner").exists()
    group.permissions.clear()
    rights.load(lambda _line: None)
    assert group.permissions.filter(codename="import_partner").exists()
