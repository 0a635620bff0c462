"""What is done with several partners at once: published, withdrawn, given a region, written to.

Each calls an action a partner; one that is refused is named with its reason, and the others are done.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import LogContext
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from partner_directory.actions import partners as actions
from partner_directory.models.geography import Region
from partner_directory.models.partner import Partner


class PartnerBulkAction(SnippetBulkAction):
    """The base: one permission, one form, one action a partner."""

    models = [Partner]
    template_name = "partner_directory/admin/bulk.html"
    permission = "change"
    explanation: str | Promise = ""
    done: str | Promise = ""

    def check_perm(self, snippet: Partner) -> bool:
        """Whether the user may do this with the partner."""
        return bool(
            self.permission_policy.user_has_permission_for_instance(self.request.user, self.permission, snippet)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = {"title": self.display_name, "explanation": self.explanation}
        return super().get_context_data(**kwargs) | words

    @classmethod
    def execute_action(cls, objects: Iterable[Partner], **kwargs: Any) -> tuple[int, int]:
        """Acts on each; says of each that is refused why."""
        action: PartnerBulkAction = kwargs["self"]
        done = 0
        for partner in objects:
            try:
                with LogContext(user=action.request.user):  # of one context, histories show the last row alone
                    action.act(partner)
            except ValidationError as error:
                messages.error(action.request, f"{partner}: {' '.join(error.messages)}")
            else:
                done += 1
        return done, 0

    def act(self, partner: Partner) -> object:
        """What is done with a partner."""
        raise NotImplementedError

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        return self.done % {"count": num_parent_objects} if num_parent_objects else None


class PublishPartners(PartnerBulkAction):
    """Publishes the latest drafts."""

    display_name = gettext_lazy("Опубликовать")
    action_type = "publish"
    aria_label = gettext_lazy("Опубликовать выбранных партнёров")
    action_priority = 10
    permission = "publish"
    explanation = gettext_lazy("Будут опубликованы последние черновики этих партнёров.")
    done = gettext_lazy("Опубликовано партнёров: %(count)s.")

    def act(self, partner: Partner) -> object:
        return actions.publish(partner=partner, actor=self.request.user)


class UnpublishPartners(PartnerBulkAction):
    """Withdraws profiles from the public."""

    display_name = gettext_lazy("Снять с публикации")
    action_type = "unpublish"
    aria_label = gettext_lazy("Снять с публикации выбранных партнёров")
    action_priority = 20
    permission = "publish"
    explanation = gettext_lazy("Эти партнёры исчезнут из каталога; их членства останутся.")
    done = gettext_lazy("Снято с публикации партнёров: %(count)s.")

    def act(self, partner: Partner) -> object:
        return actions.unpublish(partner=partner, actor=self.request.user)


class RegionsForm(forms.Form):
    """Which regions, and whether they replace those there are."""

    regions = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Регионы присутствия"),
        queryset=Region.objects.all(),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "partner-boxes"}),
    )
    replace = forms.BooleanField(
        label=gettext_lazy("Заменить прежние"),
        required=False,
        help_text=gettext_lazy("Иначе эти регионы добавятся к тем, что есть."),
    )


class SetRegions(PartnerBulkAction):
    """Adds regions of presence, or replaces them (R1)."""

    display_name = gettext_lazy("Регионы присутствия")
    action_type = "regions"
    aria_label = gettext_lazy("Назначить регионы выбранным партнёрам")
    action_priority = 40
    form_class = RegionsForm
    explanation = gettext_lazy("Изменение опубликуется, если у партнёра нет других неопубликованных правок.")
    done = gettext_lazy("Регионы назначены партнёрам: %(count)s.")

    def act(self, partner: Partner) -> object:
        cleaned = self.cleaned_form.cleaned_data
        return actions.add_regions(
            partner=partner, regions=cleaned["regions"], replace=cleaned["replace"], actor=self.request.user
        )


class LetterForm(forms.Form):
    """A letter."""

    subject = forms.CharField(label=gettext_lazy("Тема"), max_length=150)
    text = forms.CharField(label=gettext_lazy("Текст"), widget=forms.Textarea(attrs={"rows": 10}), max_length=20_000)


class WriteToPartners(PartnerBulkAction):
    """Sends each a letter of its own: nobody sees the others' addresses."""

    display_name = gettext_lazy("Написать письмо")
    action_type = "write"
    aria_label = gettext_lazy("Написать выбранным партнёрам")
    action_priority = 50
    form_class = LetterForm
    explanation = gettext_lazy(
        "Каждый партнёр получит своё письмо: его сотрудники в разделе партнёров, а где их нет — адрес из профиля. "
        "Образцы и тех, кому писать некуда, пропустим."
    )

    def form_valid(self, form: LetterForm) -> HttpResponse:
        """All letters or none; each leaves by itself, and what became of it is among the messages."""
        partners, _without_access = self.get_actionable_objects()
        posted = actions.write_to(partners=partners, actor=self.request.user, **form.cleaned_data)
        if posted.written:
            messages.success(self.request, _("Написано писем: %(count)s.") % {"count": len(posted.written)})
        if posted.unreachable:
            named = ", ".join(map(str, posted.unreachable))
            messages.warning(self.request, _("Пропущены, писать некуда: %(named)s.") % {"named": named})
        return redirect(self.next_url)


BULK_ACTIONS = (PublishPartners, UnpublishPartners, SetRegions, WriteToPartners)
