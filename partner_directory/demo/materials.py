"""Loads the closed collection of partners' materials, and a few sample materials of each kind (R2, R20, R27).

Idempotent: a material with the title of a sample is left alone. The samples are short texts in both languages that say
they are samples; the vendor puts its own documents in their place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from partner_directory.models.material import Material
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from program_pages.models.level import Level
from program_pages.rules.terms import Text

COLLECTION = "Материалы для партнёров"
Kind = Material.Kind
Report = Callable[[str], None]

WARNING = Text(
    "ОБРАЗЕЦ. Это не документ ASoft: так выглядит материал в разделе партнёров.",
    "SAMPLE. This is no document of ASoft: it shows how a material looks in the partners’ section.",
)


@dataclass(frozen=True, slots=True)
class Sample:
    """A material to be made; ``levels`` are slugs, none where it is for all."""

    name: str
    kind: Material.Kind
    title: Text
    text: Text
    body: Text
    levels: tuple[str, ...] = ()


SAMPLES = (
    Sample(
        "asoft-crm-leaflet",
        Kind.ADVERTISING,
        Text("Буклет ASoft CRM", "ASoft CRM leaflet"),
        Text("Коротко о продукте — для первой встречи с клиентом.", "The product in brief, for a first meeting."),
        Text(
            "Одна система для продаж, сервиса и маркетинга. Отрасли. Три вопроса, с которых начать разговор.",
            "One system for sales, service and marketing. Industries. Three questions to start a conversation with.",
        ),
    ),
    Sample(
        "banner-texts",
        Kind.ADVERTISING,
        Text("Тексты для объявлений и баннеров", "Texts for advertisements and banners"),
        Text("Готовые заголовки и подписи.", "Headlines and captions, ready to use."),
        Text("Заголовки. Подписи. Как упоминать программу.", "Headlines. Captions. How to mention the programme."),
    ),
    Sample(
        "product-overview",
        Kind.INFORMATIONAL,
        Text("Обзор линейки продуктов", "Overview of the product line"),
        Text("Чем отличаются продукты и кому какой подходит.", "How the products differ, and which suits whom."),
        Text("Семь продуктов. Для кого каждый. Что спросить.", "Seven products. Whom each is for. What to ask."),
    ),
    Sample(
        "demo-script",
        Kind.METHODICAL,
        Text("Сценарий показа", "Demonstration script"),
        Text("Как провести показ за сорок минут.", "How to show the product in forty minutes."),
        Text(
            "Подготовка. Сквозной пример. Вопросы после показа.",
            "Preparation. An example from start to finish. Questions afterwards.",
        ),
    ),
    Sample(
        "implementation-guide",
        Kind.METHODICAL,
        Text("Методика внедрения", "Implementation guide"),
        Text("Этапы, роли и документы проекта.", "Stages, roles and papers of a project."),
        Text("Обследование. Настройка. Обучение. Запуск.", "Survey. Configuration. Training. Going live."),
        ("competency", "saas"),
    ),
    Sample(
        "administrator-notes",
        Kind.KNOWLEDGE,
        Text("База знаний: администратору ASoft CRM", "Knowledge base: for ASoft CRM administrators"),
        Text("Частые вопросы по настройке.", "Frequent questions about configuration."),
        Text("Права. Обмен данными. Резервные копии.", "Permissions. Data exchange. Backups."),
        ("competency", "saas"),
    ),
    Sample(
        "renting-out-notes",
        Kind.KNOWLEDGE,
        Text("База знаний: сдача в аренду", "Knowledge base: renting out"),
        Text("Как устроена изоляция данных клиентов.", "How clients’ data are kept apart."),
        Text("Модуль «Изоляция». Учёт лицензий. Поддержка.", "The Isolation module. Counting licences. Support."),
        ("saas",),
    ),
)


def load_collection(report: Report) -> None:
    """Makes the closed collection where there is none: only those who keep documents see it by themselves."""
    root = Collection.get_first_root_node()
    if root.get_children().filter(name=COLLECTION).exists():
        report("Collection of materials: kept")
        return
    collection = root.add_child(name=COLLECTION)
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.set(Group.objects.filter(name__in=(EDITORS, PARTNER_MANAGERS)))
    report("Collection of materials: added")


@transaction.atomic
def load(report: Report) -> None:
    """Adds the samples that are missing; ``report`` is called with one line."""
    there = set(Material.objects.values_list("title_ru", flat=True))
    missing = [sample for sample in SAMPLES if sample.title.ru not in there]
    collection = Collection.objects.filter(name=COLLECTION).first() or Collection.get_first_root_node()
    levels = {level.slug: level for level in Level.objects.all()}
    for sample in missing:
        _add(sample, collection, levels)
    report(f"Material: {len(missing)} added, {len(SAMPLES) - len(missing)} kept")


def _add(sample: Sample, collection: Collection, levels: dict[str, Level]) -> None:
    file = ContentFile(_content(sample).encode(), name=f"{sample.name}.txt")
    document = get_document_model()(title=sample.title.ru, collection=collection, file=file)
    document._set_document_file_metadata()
    document.save()
    material = Material.objects.create(
        kind=sample.kind,
        title_ru=sample.title.ru,
        title_en=sample.title.en,
        text_ru=sample.text.ru,
        text_en=sample.text.en,
        document=document,
        is_sample=True,
    )
    material.levels.set(levels[slug] for slug in sample.levels if slug in levels)


def _content(sample: Sample) -> str:
    texts = (
        f"{WARNING.in_language(code)}\n\n{sample.title.in_language(code)}\n\n{sample.body.in_language(code)}\n"
        for code in ("ru", "en")
    )
    return "\ufeff" + "\n———\n\n".join(texts)
