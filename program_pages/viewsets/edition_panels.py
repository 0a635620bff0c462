"""How an edition is laid out for its editors: a tab for each thing they think of, grids where rows meet levels."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface

from program_pages.bilingual import paired_panel
from program_pages.completeness import BENEFITS, BONUSES, CASES, EDITION, LEVELS, REQUIREMENTS, TEXTS
from program_pages.models.edition import READING_FIELDS
from program_pages.viewsets.forms import BenefitForm, BonusForm, CaseForm, ClauseForm, ClauseFormSet, EditionForm
from program_pages.viewsets.panels import RowsPanel, TablePanel

READINGS = gettext_lazy("Прочтения")

LEVEL_PANELS = [
    FieldRowPanel([FieldPanel("level"), FieldPanel("discount"), FieldPanel("support_percent")]),
    paired_panel("summary"),
    FieldRowPanel(
        [
            FieldPanel("updates_share"),
            FieldPanel("own_implementation_share"),
            FieldPanel("asoft_implementation_share"),
            FieldPanel("demo_licences"),
        ]
    ),
    FieldRowPanel([FieldPanel("may_implement"), FieldPanel("may_maintain"), FieldPanel("may_rent_out")]),
]

CASE_PANELS = [
    FieldRowPanel([FieldPanel("key"), FieldPanel("clauses"), FieldPanel("confirmed")]),
    paired_panel("title"),
    paired_panel("explanation"),
    FieldRowPanel([FieldPanel("link"), FieldPanel("fill")]),
    FieldRowPanel([FieldPanel("request"), FieldPanel("expected")]),
]

edit_handler = TabbedInterface(
    [
        ObjectList(
            [
                paired_panel("name"),
                FieldPanel("effective_from"),
                paired_panel("introduction"),
                paired_panel("closing"),
                MultiFieldPanel(
                    [
                        FieldRowPanel([FieldPanel("ceiling"), FieldPanel("own_use_cap")]),
                        FieldRowPanel([FieldPanel("updates_percent"), FieldPanel("extended_support_percent")]),
                        FieldPanel("bonuses_until"),
                    ],
                    heading=gettext_lazy("Числа для всех уровней"),
                ),
                MultiFieldPanel(
                    [
                        FieldRowPanel([FieldPanel("currency"), FieldPanel("prices_include_vat")]),
                        paired_panel("vat_note"),
                    ],
                    heading=gettext_lazy("Валюта и НДС"),
                ),
            ],
            heading=EDITION,
        ),
        ObjectList(
            [
                RowsPanel(
                    "level_terms",
                    panels=LEVEL_PANELS,
                    heading=gettext_lazy("Условия уровней"),
                    label=gettext_lazy("уровень"),
                    help_text=gettext_lazy(
                        "Уровень, которого здесь нет, в редакции не действует. Сам уровень заводится в разделе"
                        " «Уровни участия» (R13)."
                    ),
                )
            ],
            heading=LEVELS,
        ),
        ObjectList(
            [
                TablePanel(
                    "benefits",
                    settings=["clause", "key", "source"],
                    form_class=BenefitForm,
                    heading=gettext_lazy("Преимущества по уровням"),
                    label=gettext_lazy("преимущество"),
                    help_text=gettext_lazy(
                        "R55–R67. «Значение» — короткий текст на двух языках. Скидку и доли таблица берёт из условий"
                        " уровня: у таких строк ячейки не заполняются."
                    ),
                )
            ],
            heading=BENEFITS,
        ),
        ObjectList(
            [
                TablePanel(
                    "bonuses",
                    settings=[
                        "measure",
                        "threshold",
                        "strict",
                        "only_if_agreed",
                        "group",
                        "highest_of_group",
                        "clause",
                        "key",
                    ],
                    form_class=BonusForm,
                    heading=gettext_lazy("Бонусы по уровням"),
                    label=gettext_lazy("бонус"),
                    help_text=gettext_lazy(
                        "R70–R75. В ячейке — процентные пункты к скидке; пустая ячейка значит, что на этом уровне"
                        " бонуса нет."
                    ),
                )
            ],
            heading=BONUSES,
        ),
        ObjectList(
            [
                TablePanel(
                    "requirements",
                    lead=["level"],
                    row_heading=gettext_lazy("Уровень"),
                    settings=["kind", "threshold", "strict", "clause", "key", "description_ru", "description_en"],
                    heading=gettext_lazy("Требования к уровням"),
                    label=gettext_lazy("требование"),
                    help_text=gettext_lazy(
                        "R29–R31, R34, R37–R41. Уровню без строк доказывать нечего, кроме вступления (R23)."
                    ),
                )
            ],
            heading=REQUIREMENTS,
        ),
        ObjectList(
            [
                TablePanel(
                    "sections",
                    lead=["number"],
                    row_heading=gettext_lazy("№"),
                    heading=gettext_lazy("Разделы"),
                    label=gettext_lazy("раздел"),
                ),
                TablePanel(
                    "clauses",
                    lead=["code", "section"],
                    row_heading=gettext_lazy("Код, раздел"),
                    pair="text",
                    settings=["kind", "level", "topic"],
                    form_class=ClauseForm,
                    formset_class=ClauseFormSet,
                    heading=gettext_lazy("Пункты"),
                    label=gettext_lazy("пункт"),
                    help_text=gettext_lazy(
                        "Числа вписываются подстановками: {retail.discount}, {edition.ceiling}. Строка с {each.name}"
                        " повторяется для каждого уровня. Порядок строк — порядок пунктов внутри раздела."
                    ),
                ),
            ],
            heading=TEXTS,
        ),
        ObjectList(
            [
                HelpPanel(
                    content=gettext_lazy(
                        "Там, где программа допускает разные прочтения, действует выбранное здесь; публичная страница"
                        " условий его называет. A1 (бонусы одной группы) — в настройках бонусов, A6 (порог активностей)"
                        " — в требованиях. Решено ли и кем, записано в разделе «Прочтения»; новая редакция должна"
                        " читать так, как решено."
                    )
                ),
                *map(FieldPanel, READING_FIELDS),
                MultiFieldPanel(
                    [
                        FieldPanel("time_zone"),
                        FieldRowPanel(
                            [
                                FieldPanel("renewal_opens_day"),
                                FieldPanel("renewal_opens_month"),
                                FieldPanel("grace_days"),
                            ]
                        ),
                    ],
                    heading=gettext_lazy("A11: год участия"),
                ),
                FieldPanel("mark_sample_prices"),
            ],
            heading=READINGS,
        ),
        ObjectList(
            [
                RowsPanel(
                    "cases",
                    panels=CASE_PANELS,
                    form_class=CaseForm,
                    heading=gettext_lazy("Примеры расчёта"),
                    label=gettext_lazy("пример"),
                    help_text=gettext_lazy(
                        "Примеры проверяются, когда редакцию отправляют на утверждение и утверждают: если хоть один не"
                        " сходится, редакция не утверждается. Партнёры сверяют по ним свои системы."
                    ),
                )
            ],
            heading=CASES,
        ),
    ],
    base_form_class=EditionForm,
)
