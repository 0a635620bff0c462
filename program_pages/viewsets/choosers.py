"""Lists to choose from name rows to those alone whose work is with them.

Wagtail shows such a list to anybody who may enter the admin. Here it takes a right over what is listed, or to
write what points at it: whoever records memberships chooses partners, and levels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey
from wagtail.models import Page
from wagtail.permissions import page_permission_policy
from wagtail.snippets.views.chooser import SnippetChooserViewSet

WRITING = ("add", "change")


def may_choose(user: Any, model: type[Model]) -> bool:
    """Whether somebody has a right over a model's rows, or writes rows that point at them."""
    rights = user.get_all_permissions()
    own = f"_{model._meta.model_name}"
    if any(right.startswith(f"{model._meta.app_label}.") and right.endswith(own) for right in rights):
        return True
    pointing = {*_pointing_at(model)}
    if any(issubclass(each, Page) for each in pointing) and page_permission_policy.user_has_any_permission(
        user, WRITING
    ):
        return True
    written = {f"{each._meta.app_label}.{way}_{each._meta.model_name}" for each in pointing for way in WRITING}
    return not written.isdisjoint(rights)


def _pointing_at(model: type[Model]) -> Iterator[type[Model]]:
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete and relation.related_model:
            yield relation.related_model  # type: ignore[misc]
            yield from _holders(relation.related_model)


def _holders(model: Any) -> Iterator[type[Model]]:
    """What a row is edited within: rights are over these alone."""
    for field in model._meta.get_fields():
        if isinstance(field, ParentalKey):
            yield field.related_model
            yield from _holders(field.related_model)


class RightfulChooserViewSet(SnippetChooserViewSet):
    """A chooser whose every view asks for such a right."""

    def construct_view(self, view_class: type[Any], **kwargs: Any) -> Callable[..., HttpResponse]:
        """The view behind that question; the admin turns away whoever has no right, in its own way."""
        view = super().construct_view(view_class, **kwargs)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **asked: Any) -> HttpResponse:
            if not may_choose(request.user, self.model):
                raise PermissionDenied
            return view(request, *args, **asked)

        return guarded
