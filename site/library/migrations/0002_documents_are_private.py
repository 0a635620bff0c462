"""Documents move out of MEDIA_ROOT: from now on a view serves each of them, and no web server by itself."""

import library.models
from django.core.files.storage import default_storage
from django.db import migrations, models, transaction


def move(apps, schema_editor):
    """Copies every file under its own name, and deletes what lay in the open once that is committed."""
    private = library.models.private_storage()
    for name in apps.get_model("library", "SiteDocument").objects.values_list("file", flat=True):
        if private.exists(name) or not default_storage.exists(name):
            continue
        with default_storage.open(name) as file:
            kept = private.save(name, file)
        if kept != name:
            raise RuntimeError(f"{name} could not keep its name")
        transaction.on_commit(lambda name=name: default_storage.delete(name))


class Migration(migrations.Migration):

    dependencies = [
        ("library", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sitedocument",
            name="file",
            field=models.FileField(
                storage=library.models.private_storage, upload_to="documents", verbose_name="файл"
            ),
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
