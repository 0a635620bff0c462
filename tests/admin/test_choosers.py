"""Lists to choose from name rows to those alone whose work is with them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail.snippets.models import get_snippet_models

from program_pages.groups import EDITORS, PARTNER_MANAGERS, PROGRAMME_MANAGERS
from program_pages.models import Level
from program_pages.viewsets.choosers import RightfulChooserViewSet, may_choose
from tests.admin.conftest import member_of
from tests.factories.partners import make_partner
from tests.factories.portal import client_as
from tests.factories.users import make_superuser, make_user

pytestmark = pytest.mark.django_db

GROUPS = (EDITORS, PROGRAMME_MANAGERS, PARTNER_MANAGERS)
WHO: dict[str, set[str]] = {
    "city": {EDITORS, PARTNER_MANAGERS},
    "consenttext": {PARTNER_MANAGERS},
    "country": {PARTNER_MANAGERS},
    "event": {EDITORS, PARTNER_MANAGERS},
    "industry": {EDITORS, PARTNER_MANAGERS},
    "lettertext": {PARTNER_MANAGERS},
    "level": {EDITORS, PROGRAMME_MANAGERS, PARTNER_MANAGERS},
    "mark": {EDITORS, PARTNER_MANAGERS},
    "material": {PARTNER_MANAGERS},
    "partner": {EDITORS, PARTNER_MANAGERS},
    "product": {EDITORS, PROGRAMME_MANAGERS, PARTNER_MANAGERS},
    "productline": {PROGRAMME_MANAGERS, PARTNER_MANAGERS},
    "reading": {PROGRAMME_MANAGERS},
    "region": {EDITORS, PARTNER_MANAGERS},
    "termsedition": {PROGRAMME_MANAGERS, PARTNER_MANAGERS},
}
VIEWS = ("choose", "choose_results", "chosen", "chosen_multiple")


def addresses(model: Any) -> dict[str, str]:
    names = model.snippet_viewset.chooser_viewset
    row = model.objects.first()
    found = {view: reverse(names.get_url_name(view)) for view in VIEWS if view != "chosen"}
    return found | {"chosen": reverse(names.get_url_name("chosen"), args=[row.pk if row else 0])}


def opened(user: Any, model: Any) -> set[str]:
    """The views of a chooser that answer somebody; 403 by a script, a way back by hand."""
    client = client_as(user)
    found = set()
    for view, address in addresses(model).items():
        by_script = client.get(address, headers={"X-Requested-With": "XMLHttpRequest"}).status_code
        if by_script != 403:
            found.add(view)
        else:
            assert client.get(address)["Location"] == "/admin/"
    return found


def test_every_chooser_asks_for_a_right() -> None:
    assert set(WHO) == {model._meta.model_name for model in get_snippet_models()}
    viewsets = [model.snippet_viewset.chooser_viewset for model in get_snippet_models()]
    assert [each for each in viewsets if not isinstance(each, RightfulChooserViewSet)] == []


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_opens_those_of_its_work(group: str) -> None:
    make_partner()
    user = member_of(group)
    found = {model._meta.model_name: opened(user, model) for model in get_snippet_models()}
    assert found == {name: set(VIEWS) if group in groups else set() for name, groups in WHO.items()}


def test_whoever_may_only_enter_the_admin_opens_none_and_an_administrator_all() -> None:
    visitor = make_user()
    visitor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    for model in get_snippet_models():
        assert opened(visitor, model) == set()
        assert opened(make_superuser(), model) == set(VIEWS)


def test_whoever_writes_pages_chooses_what_a_page_points_at() -> None:
    """Levels, by the calculator's page; rights over pages are no rights over models."""
    group = Group.objects.create(name="writers of pages")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    right = Permission.objects.get(content_type__app_label="wagtailcore", codename="change_page")
    GroupPagePermission.objects.create(group=group, page=Page.objects.get(depth=1), permission=right)
    writer = make_user()
    writer.groups.add(group)
    assert [model for model in get_snippet_models() if may_choose(writer, model)] == [Level]
