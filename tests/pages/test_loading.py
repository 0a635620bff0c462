"""Loading the site: twice is once, editors are never overwritten, English is whole, and rights are fitting."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.test import override_settings
from wagtail.actions.publish_revision import PublishPermissionError
from wagtail.fields import StreamField
from wagtail.models import GroupApprovalTask, GroupPagePermission, Page, Site, Workflow
from wagtail.permissions import policy_registry

from accounts.models import User
from library.models import SiteDocument, SiteImage
from partner_directory import rights
from program_pages import groups
from program_pages.demo import pages, people
from program_pages.models.catalogue import Price
from program_pages.models.edition import TermsEdition, programme_day
from program_pages.models.edition_rows import Clause
from program_pages.models.pages import BasePage, FaqPage, HomePage, JoinPage
from program_pages.models.settings import VendorSettings
from program_pages.placeholders import placeholders_of
from program_pages.terms import terms_of
from tests.factories.editions import draft_edition
from tests.factories.users import make_user

SLUGS = [
    *("partners", "programme", "levels", "benefits", "terms", "products", "calculator", "join"),  # in the menu
    *("logos", "events", "faq", "contacts", "about"),
]
LATER = date(2100, 1, 1)
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)


def load(**options: Any) -> str:
    """Runs the command as on one's own machine and returns what it says."""
    said = StringIO()
    with override_settings(DEBUG=True):
        call_command("load_programme", stdout=said, **options)
    return said.getvalue()


@pytest.fixture
def loaded(db: None) -> None:
    """The site as the session's own set-up has loaded it, by the same command."""


@pytest.fixture
def actor(db: None) -> User:
    return make_user(email="boss@example.com")


@pytest.fixture
def bare(db: None) -> None:
    """A site as Wagtail's migrations leave it: a welcome page, none of our groups, no sample user."""
    for page in Page.objects.filter(depth=2):
        page.delete()
    Page.get_first_root_node().add_child(title="Welcome to your new Wagtail site!", slug="home")
    Site.objects.create(hostname="localhost", root_page=Page.objects.get(depth=2), is_default_site=True)
    Workflow.objects.filter(name=groups.APPROVAL).delete()
    Group.objects.filter(name__in=groups.GROUPS).delete()
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"other-{user.pk}@example.com")
    EmailAddress.objects.all().delete()


@pytest.fixture
def member(loaded: None) -> Callable[[str], User]:
    """Makes a person of one group."""

    def make(group: str) -> User:
        user: User = make_user()
        user.groups.add(Group.objects.get(name=group))
        return user

    return make


def every_row() -> dict[str, list[dict[str, Any]]]:
    """All that the database holds, by table."""
    models = (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)
    return {model._meta.label: list(model._default_manager.order_by("pk").values()) for model in models}


def every_page() -> list[BasePage]:
    return [page.specific for page in Page.objects.filter(depth__gt=1)]


def english_pages() -> list[BasePage]:
    return [page.specific for page in Page.objects.filter(locale__language_code="en").order_by("path")]


def said_by(page: BasePage) -> str:
    """Every word an editor wrote on the page, streams and rich text as they are stored."""
    texts = [page.title, page.seo_title, page.search_description, page.introduction, getattr(page, "lead", "")]
    streams = (field.name for field in page._meta.get_fields() if isinstance(field, StreamField))
    return "\n".join(
        [*texts, *(json.dumps(list(getattr(page, name).raw_data), ensure_ascii=False) for name in streams)]
    )


class TestLoadingTwice:
    def test_changes_nothing(self, loaded: None) -> None:
        before = every_row()
        load()
        assert every_row() == before

    def test_tells_that_everything_was_kept(self, loaded: None) -> None:
        said = load()
        assert "Pages: 0 added, 14 kept" in said
        assert not re.search(r"[1-9]\d* added|updated|translated, [1-9]", said)

    def test_keeps_what_an_editor_changed_on_a_page(self, loaded: None) -> None:
        page = JoinPage.objects.get(locale__language_code="ru")
        page.title, page.slug = "Стать партнёром", "become-a-partner"
        page.save_revision().publish()
        load()
        kept = JoinPage.objects.get(locale__language_code="ru")
        assert (kept.title, kept.slug) == ("Стать партнёром", "become-a-partner")

    def test_keeps_a_changed_translation(self, loaded: None) -> None:
        FaqPage.objects.filter(locale__language_code="en").update(title="FAQ")
        load()
        assert FaqPage.objects.get(locale__language_code="en").title == "FAQ"

    def test_keeps_a_deleted_translation_deleted(self, loaded: None) -> None:
        FaqPage.objects.get(locale__language_code="en").delete()
        load()
        assert not FaqPage.objects.filter(locale__language_code="en").exists()

    def test_brings_back_a_page_that_is_gone_in_both_languages(self, loaded: None) -> None:
        for page in FaqPage.objects.all():
            page.delete()
        load()
        assert sorted(page.get_url() for page in FaqPage.objects.live()) == ["/en/faq/", "/faq/"]

    def test_keeps_prices_contacts_rights_and_passwords(self, loaded: None) -> None:
        Price.objects.filter(product__slug="asoft-crm").update(list_price=Decimal("31000"), is_sample=False)
        VendorSettings.objects.update(email="real@example.com")
        editors = Group.objects.get(name=groups.EDITORS)
        editors.permissions.clear()
        GroupPagePermission.objects.filter(group=editors).delete()
        editor = User.objects.get(email="editor@asoft.example")
        editor.set_password("my own")
        editor.save()
        load()
        assert Price.objects.get(product__slug="asoft-crm").list_price == Decimal("31000")
        assert VendorSettings.objects.get().email == "real@example.com"
        assert not editors.permissions.exists()
        assert not editors.page_permissions.exists()
        assert User.objects.get(email="editor@asoft.example").check_password("my own")

    def test_gives_managers_of_an_older_site_the_rights_that_came_later(self, loaded: None) -> None:
        managers = Group.objects.get(name=groups.PROGRAMME_MANAGERS)
        came = set(managers.permissions.filter(content_type__model="reading"))
        managers.permissions.remove(*came)
        load()
        assert set(managers.permissions.filter(content_type__model="reading")) == came
        assert "decide_reading" in {each.codename for each in came}

    def test_keeps_the_clauses_of_a_draft(self, loaded: None) -> None:
        edition = draft_edition(effective_from=LATER)
        Clause.objects.filter(edition=edition, code="R4").update(text_ru="Наш черновик")
        load()
        assert Clause.objects.get(edition=edition, code="R4").text_ru == "Наш черновик"


class TestPages:
    def test_every_page_has_its_address_in_both_languages(self, loaded: None) -> None:
        urls = [page.get_url() for page in Page.objects.filter(depth__gt=1).live().order_by("path")]
        russian = ["/", *(f"/{slug}/" for slug in SLUGS)]
        assert urls == [*russian, *(f"/en{url}" for url in russian)]

    def test_eight_pages_are_in_the_menu_of_each_language(self, loaded: None) -> None:
        for language in ("ru", "en"):
            menu = Page.objects.filter(locale__language_code=language).live().in_menu().order_by("path")
            assert [page.slug for page in menu] == SLUGS[:8]

    def test_every_page_has_a_title_and_description_for_search_engines(self, loaded: None) -> None:
        for page in Page.objects.filter(depth__gt=1):
            assert page.seo_title
            assert 50 <= len(page.search_description) <= 160, (page.slug, len(page.search_description))

    def test_every_number_is_one_that_the_edition_fills(self, loaded: None) -> None:
        filling = placeholders_of(terms_of(TermsEdition.objects.in_force(programme_day())))
        for page in every_page():
            assert filling.unknown(said_by(page)) == [], page.slug


class TestEnglish:
    def test_is_a_published_translation_of_every_russian_page(self, loaded: None) -> None:
        russian = Page.objects.filter(locale__language_code="ru", depth__gt=1)
        assert russian.count() == len(english_pages())
        for page in russian:
            english = page.get_translations().get(locale__language_code="en")
            assert english.live
            assert not english.has_unpublished_changes
            assert english.alias_of is None
            assert english.show_in_menus == page.show_in_menus

    def test_stands_in_the_same_tree(self, loaded: None) -> None:
        for english in english_pages():
            if english.depth > 2:
                russian = english.get_translations().get(locale__language_code="ru")
                assert english.get_parent().translation_key == russian.get_parent().translation_key
                assert english.slug == russian.slug

    def test_has_no_russian_letter_left(self, loaded: None) -> None:
        for page in english_pages():
            assert not CYRILLIC.search(said_by(page)), page.slug

    def test_says_as_much_as_the_russian(self, loaded: None) -> None:
        for english in english_pages():
            russian = english.get_translations().get(locale__language_code="ru").specific
            assert [block.block_type for block in english.body] == [block.block_type for block in russian.body]
            placeholders = [sorted(re.findall(r"\{[a-z_.]+\}", said_by(page))) for page in (russian, english)]
            assert placeholders[0] == placeholders[1], english.slug

    def test_links_to_the_same_pages(self, loaded: None) -> None:
        for english in english_pages():
            russian = english.get_translations().get(locale__language_code="ru").specific
            links = [sorted(re.findall(r'id=\\?"(\d+)', said_by(page))) for page in (russian, english)]
            assert links[0] == links[1], english.slug

    @pytest.mark.parametrize(
        ("english", "missing"),
        [
            (None, ["Партнёрская программа ASoft CRM"]),
            ("", ["Партнёрская программа ASoft CRM"]),
        ],
    )
    def test_missing_stops_the_loading_and_nothing_is_stored(
        self, bare: None, actor: User, monkeypatch: pytest.MonkeyPatch, english: str | None, missing: list[str]
    ) -> None:
        data = deepcopy(pages.pages_data())
        russian = {"ru": data[0]["seo_title"]["ru"]}
        data[0]["seo_title"] = russian if english is None else {**russian, "en": english}
        monkeypatch.setattr(pages, "pages_data", lambda: data)
        with pytest.raises(pages.MissingEnglish) as stopped:
            pages.load(lambda line: None, actor)
        assert stopped.value.strings == missing
        assert not HomePage.objects.exists()

    def test_with_a_sentence_less_is_found_missing(self, db: None) -> None:
        entry = deepcopy(next(entry for entry in pages.pages_data() if entry["key"] == "terms"))
        entry["body"][1]["text"]["en"] = "<p>Only one paragraph.</p>"
        assert any("одностороннем" in text for text in pages.untranslated(entry))

    def test_of_the_file_is_whole(self, db: None) -> None:
        assert {entry["key"]: pages.untranslated(entry) for entry in pages.pages_data()} == {
            key: [] for key in ["home", *SLUGS]
        }


class TestWords:
    """What the file says, before anything is loaded."""

    def test_no_number_of_the_programme_is_written_out(self) -> None:
        text = re.sub(r"</?h\d>|31\u00a0(декабря|December)", "", pages.FILE.read_text(encoding="utf-8"))
        assert re.findall(r".{20}\d.{20}", text) == []

    def test_no_word_mixes_alphabets(self) -> None:
        text = re.sub(r"</?\w+|\\[nu]", " ", pages.FILE.read_text(encoding="utf-8"))
        assert re.findall(r"\w*(?:[a-z][а-яё]|[а-яё][a-z])\w*", text, re.IGNORECASE) == []

    def test_a_dash_never_begins_a_line(self) -> None:
        assert " —" not in pages.FILE.read_text(encoding="utf-8")


class TestABareSite:
    def test_gets_its_home_page_in_place_of_the_welcome_page(self, bare: None) -> None:
        load()
        site = Site.objects.get()
        assert site.is_default_site
        assert site.root_page.specific == HomePage.objects.get(locale__language_code="ru")
        assert site.root_url == settings.WAGTAILADMIN_BASE_URL
        assert not Page.objects.filter(title__startswith="Welcome").exists()

    def test_is_loaded_like_any_other(self, bare: None) -> None:
        load()
        before = every_row()
        load()
        assert every_row() == before


class TestWithoutDebug:
    def test_sample_users_are_refused_and_nothing_is_loaded(self, bare: None) -> None:
        before = every_row()
        with pytest.raises(CommandError, match="--actor"):
            call_command("load_programme", stdout=StringIO())
        assert every_row() == before

    def test_people_refuse_by_themselves(self, bare: None) -> None:
        with pytest.raises(people.SamplesRefused):
            people.load(lambda line: None)

    def test_an_unknown_actor_is_refused(self, bare: None) -> None:
        before = every_row()
        with pytest.raises(CommandError, match=r"nobody@example\.com"):
            call_command("load_programme", actor="nobody@example.com", stdout=StringIO())
        assert every_row() == before

    def test_an_actor_loads_all_and_no_sample_user_is_made(self, bare: None, actor: User) -> None:
        said, users = StringIO(), User.objects.count()
        call_command("load_programme", actor="BOSS@example.com", stdout=said)
        assert User.objects.count() == users
        assert set(Page.objects.filter(depth__gt=1, locale__language_code="ru").values_list("owner", flat=True)) == {
            actor.pk
        }
        assert len(english_pages()) == len(SLUGS) + 1
        assert people.SAMPLE_PASSWORD not in said.getvalue()

    def test_groups_can_be_loaded_alone(self, bare: None) -> None:
        users = User.objects.count()
        call_command("load_programme", groups_only=True, stdout=StringIO())
        assert set(groups.GROUPS) <= set(Group.objects.values_list("name", flat=True))
        assert Workflow.objects.filter(name=groups.APPROVAL).exists()
        assert User.objects.count() == users
        assert not HomePage.objects.exists()


class TestSamplePeople:
    def test_each_has_its_rights_and_a_russian_admin(self, loaded: None) -> None:
        for sample in people.SAMPLES:
            user = User.objects.get(email=sample.email)
            assert user.check_password(people.SAMPLE_PASSWORD)
            assert user.is_superuser == (sample.group is None)
            assert list(user.groups.values_list("name", flat=True)) == ([sample.group] if sample.group else [])
            assert user.wagtail_userprofile.preferred_language == "ru"

    def test_the_logins_are_told(self, loaded: None) -> None:
        said = load()
        assert "/admin/" in said
        assert people.SAMPLE_PASSWORD in said
        assert all(sample.email in said for sample in people.SAMPLES)


ACTIONS = ("add", "change", "delete", "publish")
OF_THE_PROGRAMME = {
    # model: (editors, programme managers); partner managers may nothing of this yet
    "event": ({"add", "change", "delete"}, set()),
    "termsedition": (set(), {"add", "change"}),
    "level": (set(), {"add", "change"}),
    "productline": (set(), {"add", "change"}),
    "product": (set(), {"add", "change"}),
    "price": (set(), {"add", "change", "delete"}),
    "vendorsettings": (set(), {"change"}),
}


class TestRights:
    @pytest.mark.parametrize("group", [groups.EDITORS, groups.PROGRAMME_MANAGERS, groups.PARTNER_MANAGERS])
    def test_on_the_programme_are_as_in_the_table(self, member: Callable[[str], User], group: str) -> None:
        user = member(group)
        column = [groups.EDITORS, groups.PROGRAMME_MANAGERS].index(group) if group != groups.PARTNER_MANAGERS else None
        for model, columns in OF_THE_PROGRAMME.items():
            may = {action for action in ACTIONS if user.has_perm(f"program_pages.{action}_{model}")}
            assert may == (set() if column is None else columns[column]), (group, model)

    @pytest.mark.parametrize(
        ("group", "allowed"),
        [(groups.EDITORS, True), (groups.PROGRAMME_MANAGERS, False), (groups.PARTNER_MANAGERS, False)],
    )
    def test_on_pages_belong_to_editors_in_both_languages(
        self, member: Callable[[str], User], group: str, allowed: bool
    ) -> None:
        user = member(group)
        for home in HomePage.objects.all():
            for page in (home, home.get_children().first()):
                rights = page.permissions_for_user(user)
                assert [rights.can_edit(), rights.can_publish()] == [allowed, allowed], page
            assert home.permissions_for_user(user).can_add_subpage() is allowed
        assert user.has_perm("wagtail_localize.submit_translation") is allowed

    @pytest.mark.parametrize("model", [SiteImage, SiteDocument])
    @pytest.mark.parametrize(
        ("group", "allowed"),
        [(groups.EDITORS, True), (groups.PROGRAMME_MANAGERS, False)],
    )
    def test_on_images_and_documents_belong_to_editors(
        self, member: Callable[[str], User], group: str, allowed: bool, model: Any
    ) -> None:
        policy, user = policy_registry.get_by_type(model), member(group)
        assert [policy.user_has_permission(user, action) for action in ("add", "change", "choose")] == [allowed] * 3

    @pytest.mark.parametrize("model", [SiteImage, SiteDocument])
    def test_partner_managers_add_and_choose_logos_and_materials(
        self, member: Callable[[str], User], model: Any
    ) -> None:
        policy, user = policy_registry.get_by_type(model), member(groups.PARTNER_MANAGERS)
        assert [policy.user_has_permission(user, action) for action in ("add", "choose")] == [True, True]

    def test_stand_in_place_of_wagtails_english_ones(self, loaded: None) -> None:
        assert set(Group.objects.values_list("name", flat=True)) == set(groups.GROUPS)
        workflows = {groups.APPROVAL, groups.PAGE_APPROVAL, rights.PROFILE_CHECK, rights.MARK_APPROVAL}
        assert set(Workflow.objects.values_list("name", flat=True)) == workflows
        [task] = Workflow.objects.get(name=groups.PAGE_APPROVAL).tasks
        assert task.name == groups.PAGE_APPROVAL_TASK
        assert [group.name for group in task.specific.groups.all()] == [groups.EDITORS]

    @pytest.mark.parametrize("group", list(groups.GROUPS))
    def test_let_every_group_into_the_admin_and_none_manage_people(
        self, member: Callable[[str], User], group: str
    ) -> None:
        user = member(group)
        assert user.has_perm("wagtailadmin.access_admin")
        assert not any(user.has_perm(f"accounts.{action}_user") for action in ACTIONS)
        assert not any(user.has_perm(f"auth.{action}_group") for action in ACTIONS)

    def test_name_no_permission_that_is_not_there(self, db: None) -> None:
        with pytest.raises(Permission.DoesNotExist):
            groups._permissions(("program_pages.fly_event",))


class TestApproval:
    """R83: an edition takes effect only through its approval."""

    def test_every_edition_goes_to_the_programme_managers(self, loaded: None) -> None:
        workflow = draft_edition(effective_from=LATER).get_workflow()
        assert workflow.name == groups.APPROVAL
        [task] = workflow.tasks.all()
        [approver] = GroupApprovalTask.objects.get(pk=task.pk).groups.all()
        assert approver.name == groups.PROGRAMME_MANAGERS

    def test_a_manager_cannot_publish_past_it(self, member: Callable[[str], User]) -> None:
        manager = member(groups.PROGRAMME_MANAGERS)
        edition = draft_edition(effective_from=LATER)
        with pytest.raises(PublishPermissionError):
            edition.save_revision(user=manager).publish(user=manager)
        edition.refresh_from_db()
        assert not edition.live

    def test_a_managers_approval_publishes_in_the_managers_name(self, member: Callable[[str], User]) -> None:
        manager = member(groups.PROGRAMME_MANAGERS)
        edition = draft_edition(effective_from=LATER)
        edition.save_revision(user=manager)
        state = edition.get_workflow().start(edition, manager)
        state.current_task_state.approve(user=manager)
        edition.refresh_from_db()
        assert edition.live
        assert edition.approved_by == manager
