"""Registers of what partners say of themselves: read with its evidence, decided, recorded by managers, exported.

A base for every model of ``Fact`` (``FactRegister``). Rows are decided by ``actions.facts`` alone.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import display
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.actions import facts as actions
from partner_directory.models.facts import (
    ClientReview,
    Fact,
    FactState,
    Implementation,
    MarketingActivity,
    Purchase,
    RequirementConfirmation,
)
from partner_directory.models.partner import Partner
from partner_directory.portal.records.forms import (
    ActivityForm,
    DayField,
    FactForm,
    ImplementationForm,
    PurchaseForm,
)
from partner_directory.reviews.form import ClientReviewForm
from partner_directory.uploads import keep_evidence
from partner_directory.viewsets.cells import file_link, state_mark
from partner_directory.viewsets.choosers import PartnerChooser
from partner_directory.viewsets.decided import DecidedRegister, Decision, NewRowView, ReasonForm
from program_pages.models.edition import programme_day
from program_pages.rules.calendar import membership_ends
from program_pages.rules.terms import BonusMeasure, RequirementKind
from program_pages.terms import NoEdition, terms_on

CONFIRM = Decision(
    label=gettext_lazy("Подтвердить"),
    question=gettext_lazy("Запись верна и должна считаться?"),
    done=gettext_lazy("Подтверждено: запись считается."),
    act=actions.confirm,
    makes_sense=lambda fact: fact.state == FactState.CLAIMED,
)
REFUSE = Decision(
    label=gettext_lazy("Отклонить"),
    question=gettext_lazy("Запись не будет считаться, партнёр узнает почему."),
    done=gettext_lazy("Отклонено."),
    act=actions.refuse,
    makes_sense=lambda fact: fact.state == FactState.CLAIMED,
    form_class=ReasonForm,
    is_serious=True,
)
REVOKE = Decision(
    label=gettext_lazy("Отменить подтверждение"),
    question=gettext_lazy("Запись перестанет считаться, партнёр узнает почему."),
    done=gettext_lazy("Подтверждение отменено."),
    act=actions.revoke,
    makes_sense=lambda fact: fact.state == FactState.CONFIRMED,
    form_class=ReasonForm,
    is_serious=True,
)


class OfPartner(forms.Form):
    """Whose fact a manager records: a field named ``whose``, since a form of the section knows its ``partner``."""

    whose = forms.ModelChoiceField(label=gettext_lazy("Партнёр"), queryset=Partner.objects.all(), widget=PartnerChooser)
    partner: Partner

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, partner=None, **kwargs)  # type: ignore[call-arg] # a form of the section
        self.order_fields(["whose"])

    def clean_whose(self) -> Partner:
        """The fact is this partner's."""
        self.partner = self.cleaned_data["whose"]
        return self.partner


class ActivityRecordForm(OfPartner, ActivityForm):
    """A marketing activity, recorded by a manager."""


class ImplementationRecordForm(OfPartner, ImplementationForm):
    """An implementation, recorded by a manager."""


class PurchaseRecordForm(OfPartner, PurchaseForm):
    """A purchase, recorded by a manager."""


class ConfirmationRecordForm(OfPartner, FactForm):
    """That an editor's own requirement or bonus is fulfilled from a day to a day (R13)."""

    model = RequirementConfirmation

    key = forms.ChoiceField(label=gettext_lazy("Требование или бонус"))
    starts = DayField(label=gettext_lazy("С"), may_come=True)
    until = DayField(label=gettext_lazy("По"), may_come=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [(key, key) for key in confirmable_keys()]  # type: ignore[attr-defined]
        self.initial.setdefault("starts", programme_day().replace(month=1, day=1))
        self.initial.setdefault("until", membership_ends(programme_day()))
        self.order_fields(["whose", "key", "starts", "until", "evidence"])

    def clean(self) -> dict[str, Any]:
        """Refuses a term that ends before it begins."""
        cleaned = super().clean() or {}
        starts, until = cleaned.get("starts"), cleaned.get("until")
        if starts and until and until < starts:
            self.add_error("until", _("Этот день раньше первого."))
        return cleaned


def confirmable_keys() -> list[str]:
    """The keys of requirements and bonuses of today's edition that a manager's word fulfils."""
    try:
        terms = terms_on(programme_day())
    except NoEdition:
        return []
    asked = [row.key for level in terms.levels for row in level.requirements if row.kind is RequirementKind.OTHER]
    rewarded = [bonus.key for bonus in terms.bonuses if bonus.measure is BonusMeasure.OTHER]
    return list(dict.fromkeys([*asked, *rewarded]))


class ReviewRecordForm(ClientReviewForm):
    """A client's review that reached the vendor another way, with the paper that shows it."""

    implementation = forms.ModelChoiceField(
        queryset=Implementation.objects.exclude(state=FactState.REFUSED).select_related("partner"),
        widget=forms.HiddenInput,
        error_messages={
            "required": gettext_lazy("Откройте внедрение и нажмите «Записать отзыв»."),
            "invalid_choice": gettext_lazy("Такого внедрения нет."),
        },
    )
    contact = forms.CharField(label=gettext_lazy("Кто от клиента"), max_length=120)
    email = forms.EmailField(label=gettext_lazy("Почта клиента"))
    confirmed_on = DayField(label=gettext_lazy("Когда клиент дал отзыв"))
    evidence = ActivityForm.base_fields["evidence"]

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)

    def fact(self) -> ClientReview:
        """The review as it is recorded: confirmed by the client at the end of that day."""
        cleaned = self.cleaned_data
        names = ("implementation", "contact", "email", "rating", "text")
        given = timezone.now().replace(
            year=cleaned["confirmed_on"].year, month=cleaned["confirmed_on"].month, day=cleaned["confirmed_on"].day
        )
        return ClientReview(
            partner=cleaned["implementation"].partner,
            client_confirmed_at=min(given, timezone.now()),
            **{name: cleaned[name] for name in names},
        )


class RecordView(NewRowView):
    """A manager's own entry: it counts at once."""

    decision = Decision(
        label=gettext_lazy("Записать"), done=gettext_lazy("Записано, считается с этой минуты."), act=actions.record
    )
    chosen = {"whose": "partner", "implementation": "implementation"}

    def get_page_title(self) -> str:
        return str(self.model_admin.add_label)

    def get_form_class(self) -> type[forms.Form]:
        form_class: type[forms.Form] = self.model_admin.form_class
        return form_class

    def get_form(self, form_class: Any = None) -> Any:
        """Kept: it makes the fact of what was said."""
        self.form = super().get_form(form_class)
        return self.form

    @transaction.atomic
    def act(self, said: dict[str, Any]) -> Fact:
        """Stores the file, then the fact that it shows."""
        fact: Fact = self.form.fact()
        fact.evidence = keep_evidence(
            field="evidence", partner=fact.partner, upload=said["evidence"], actor=self.request.user
        )
        return super().act({"fact": fact})  # type: ignore[no-any-return]


class FactRegister(DecidedRegister):
    """One kind of fact. A subclass names its model, its form, its words and its own columns.

    ``own`` are read and exported, ``listed`` of them stand in the listing (all, unless told).
    """

    decisions = {"confirm": CONFIRM, "refuse": REFUSE, "revoke": REVOKE}
    argument = "fact"
    form_class: type[forms.Form]
    named = "what"
    own: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    waits_for_managers = True  # its claims are in their queue
    list_filter: tuple[Any, ...] = ("state", "recorded_at")
    list_select_related: tuple[str, ...] = ("partner", "evidence", "recorded_by", "decided_by")
    create_view_class = RecordView
    menu_icon = "clipboard-list"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        decided = ("recorded_at", "recorded_by", "decided_at", "decided_by", "decision_reason")
        self.list_display = (self.named, "partner", *(self.listed or self.own), "shown_state", "recorded_at")
        self.inspect_view_fields = [self.named, "partner", *self.own, "evidence_link", "state", *decided]
        self.export_fields = (self.named, "partner", *self.own, "state", *decided)
        super().__init__(*args, **kwargs)

    def waiting(self) -> Any:
        """The claims that a manager has to look at now."""
        return self.model._default_manager.waiting()

    @display(description=gettext_lazy("запись"))
    def what(self, fact: Fact) -> str:
        """What it is called."""
        return str(fact)

    @display(description=gettext_lazy("состояние"), ordering="state")
    def shown_state(self, fact: Fact) -> str:
        """Its state, standing out while a manager has to look at it."""
        return state_mark(fact.get_state_display(), is_primary=fact.state == FactState.CLAIMED)

    @display(description=gettext_lazy("подтверждающий файл"))
    def evidence_link(self, fact: Fact) -> str:
        """The file that shows it."""
        return file_link(fact.evidence)


class ActivityRegister(FactRegister):
    """Marketing activities (R30)."""

    model = MarketingActivity
    form_class = ActivityRecordForm
    menu_label = gettext_lazy("Активности")
    add_label = gettext_lazy("Записать активность")
    own = ("done_on", "url", "text")
    listed = ("done_on",)
    list_filter = ("state", "done_on")
    search_fields = ("title", "text", "partner__name_ru", "partner__name_en")
    export_filename = "activities"


class ImplementationRegister(FactRegister):
    """Implementations (R31, R71)."""

    model = Implementation
    form_class = ImplementationRecordForm
    menu_label = gettext_lazy("Внедрения")
    add_label = gettext_lazy("Записать внедрение")
    own = ("product", "finished_on", "with_asoft")
    listed = ("product", "finished_on")
    list_filter = ("state", "with_asoft", "finished_on")
    list_select_related = (*FactRegister.list_select_related, "product")
    search_fields = ("client", "partner__name_ru", "partner__name_en")
    export_filename = "implementations"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inspect_view_fields = [*self.inspect_view_fields, "review_link"]

    @display(description=gettext_lazy("отзыв"))
    def review_link(self, implementation: Implementation) -> str:
        """The review that counts or waits, or where a manager records one."""
        review = implementation.reviews.exclude(state=FactState.REFUSED).first()
        if review is not None:
            url = reverse("partner_directory_clientreview_modeladmin_inspect", args=[review.pk])
            return format_html('<a href="{}">{}</a>', url, review.get_state_display())
        url = reverse("partner_directory_clientreview_modeladmin_create")
        return format_html('<a href="{}?implementation={}">{}</a>', url, implementation.pk, _("Записать отзыв"))


class ReviewRegister(FactRegister):
    """Clients' reviews (R31, R71): the client confirms, a manager refuses or revokes."""

    model = ClientReview
    form_class = ReviewRecordForm
    decisions = {"refuse": REFUSE, "revoke": REVOKE}
    waits_for_managers = False
    menu_label = gettext_lazy("Отзывы клиентов")
    add_label = gettext_lazy("Записать отзыв")
    own = ("contact", "email", "rating", "text", "asked_at", "client_confirmed_at", "client_declined_at")
    listed = ("email", "rating", "asked_at", "client_confirmed_at")
    list_filter = ("state", "rating", "client_confirmed_at")
    list_select_related = (*FactRegister.list_select_related, "implementation")
    search_fields = ("contact", "email", "text", "implementation__client", "partner__name_ru", "partner__name_en")
    export_filename = "reviews"


class PurchaseRegister(FactRegister):
    """Purchases of those who rent licences out (R38–R40)."""

    model = Purchase
    form_class = PurchaseRecordForm
    menu_label = gettext_lazy("Покупки")
    add_label = gettext_lazy("Записать покупку")
    own = ("bought_on", "until", "quantity", "agreed", "document_number")
    list_filter = ("state", "kind", "bought_on")
    search_fields = ("document_number", "partner__name_ru", "partner__name_en")
    export_filename = "purchases"


class ConfirmationRegister(FactRegister):
    """A manager's word on an editor's own requirements and bonuses (R13)."""

    model = RequirementConfirmation
    form_class = ConfirmationRecordForm
    menu_label = gettext_lazy("Подтверждения")
    add_label = gettext_lazy("Подтвердить требование")
    own = ("starts", "until")
    list_filter = ("state", "key")
    search_fields = ("key", "partner__name_ru", "partner__name_en")
    export_filename = "confirmations"


fact_registers: tuple[FactRegister, ...] = (
    ActivityRegister(),
    ImplementationRegister(),
    ReviewRegister(),
    PurchaseRegister(),
    ConfirmationRegister(),
)
