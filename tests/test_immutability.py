"""R83: an edition in force never changes, in the model or by plain SQL; drafts and editions to come still do."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from accounts.models import User
from program_pages import immutability
from program_pages.models import Bonus, BonusPoints, Clause, GoldenCase, Level, LevelTerms, TermsEdition
from program_pages.models.edition import programme_day
from program_pages.terms import terms_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_force() -> TermsEdition:
    """The edition in force today."""
    edition = TermsEdition.objects.in_force(programme_day())
    assert edition is not None
    return edition


def sealed_columns() -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.attname)
        for model, _path in immutability._sealed_models()
        for field in model._meta.concrete_fields
        if not field.primary_key and not (model is TermsEdition and field.name in TermsEdition.MUTABLE_FIELDS)
    ]


@pytest.mark.parametrize(("model", "column"), sealed_columns(), ids=lambda value: getattr(value, "__name__", value))
def test_no_column_of_an_edition_in_force_can_be_updated(
    in_force: TermsEdition, model: type[models.Model], column: str
) -> None:
    row = model._default_manager.first()
    assert row is not None
    field = model._meta.get_field(column.removesuffix("_id") if column.endswith("_id") else column)
    other = {
        models.BooleanField: lambda: not getattr(row, column),
        models.DateTimeField: timezone.now,
        models.DateField: lambda: programme_day() + timedelta(days=900),
        models.CharField: lambda: "x",
        models.TextField: lambda: "x",
        models.JSONField: lambda: {"x": "x"},
    }
    kind = next((kind for kind in other if isinstance(field, kind)), None)
    value = other[kind]() if kind else (getattr(row, column) or 0) + 1

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        model._default_manager.filter(pk=row.pk).update(**{column: value})


@pytest.mark.parametrize(
    "model", [TermsEdition, LevelTerms, Clause, BonusPoints, GoldenCase], ids=lambda model: model.__name__
)
def test_no_row_of_an_edition_in_force_can_be_deleted(in_force: TermsEdition, model: type[models.Model]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table


def test_no_row_can_be_added_to_an_edition_in_force(in_force: TermsEdition) -> None:
    level = Level.objects.create(
        slug="new",
        contract_code=9,
        product_line=Level.objects.first().product_line,
        name_ru="Новый",
        short_name_ru="Новый",
        mark_name="New",
        colour="#112233",
        shape="circle",
    )
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        LevelTerms.objects.create(edition=in_force, level=level, discount=1)
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        BonusPoints.objects.create(bonus=Bonus.objects.first(), level=level, points=1)


def test_the_model_refuses_in_words(in_force: TermsEdition, django_user_model: type[User]) -> None:
    user = django_user_model.objects.create_user("someone@example.org")

    for attempt in (in_force.save, in_force.delete, in_force.unpublish):
        with pytest.raises(ValidationError) as refused:
            attempt()
        assert refused.value.code == "in_force"
    revision = in_force.save_revision(user=user)
    with pytest.raises(ValidationError):
        revision.publish(user=user)


def test_a_draft_and_an_edition_to_come_can_still_change(django_user_model: type[User]) -> None:
    from program_pages.demo.programme import programme_data

    from .pages.test_another_edition import publish

    user = django_user_model.objects.create_user("someone@example.org")
    day = programme_day() + timedelta(days=700)
    edition = publish(programme_data()["edition"] | {"effective_from": day.isoformat(), "cases": []}, user)

    edition.ceiling = 45
    edition.save_revision(user=user).publish(user=user, skip_permission_checks=True)
    assert terms_on(day).ceiling == 45

    edition.refresh_from_db()
    edition.unpublish(user=django_user_model.objects.create_superuser("super@example.org"))
    edition.refresh_from_db()
    assert not edition.live
    assert edition.approved_at is None
    edition.delete()


def test_an_approval_names_its_approver(django_user_model: type[User]) -> None:
    from program_pages.demo.programme import edition_from, programme_data

    edition = edition_from(programme_data()["edition"] | {"effective_from": "2031-05-05"})
    edition.save()
    with pytest.raises(ValidationError) as refused:
        edition.save_revision().publish()
    assert refused.value.code == "approver_missing"
    edition.refresh_from_db()
    assert not edition.live


def test_two_editions_of_one_day_are_refused(in_force: TermsEdition, django_user_model: type[User]) -> None:
    from program_pages.demo.programme import programme_data

    from .pages.test_another_edition import publish

    user = django_user_model.objects.create_user("someone@example.org")
    data = programme_data()["edition"] | {"effective_from": in_force.effective_from.isoformat()}

    with pytest.raises(ValidationError, match="другая редакция"):
        publish(data, user)


def test_the_seal_survives_being_made_anew(in_force: TermsEdition) -> None:
    immutability.enforce()
    immutability.enforce()

    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        Clause.objects.filter(edition=in_force).update(text_ru="x")
