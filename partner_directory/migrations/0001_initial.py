import django.core.validators
import django.db.models.deletion
import partner_directory.models.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Country',
            fields=[
                ('code', models.CharField(max_length=2, primary_key=True, serialize=False, validators=[django.core.validators.RegexValidator('^[A-Z]{2}\\Z', 'Код страны — две прописные латинские буквы, например RU.')], verbose_name='код')),
                ('name_ru', models.CharField(max_length=100, verbose_name='название')),
                ('name_en', models.CharField(blank=True, max_length=100, verbose_name='название на английском')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='порядок показа')),
            ],
            options={
                'verbose_name': 'страна',
                'verbose_name_plural': 'страны',
                'ordering': ['order', 'name_ru'],
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Не меняется: на нём держатся ссылки и API.', max_length=6, unique=True, validators=[django.core.validators.RegexValidator('^(\\d{2}|[A-Z]{2}-[A-Z0-9]{1,3})\\Z', 'Код региона — две цифры субъекта Российской Федерации, например 77, или код ISO 3166-2, например KZ-75.')], verbose_name='код')),
                ('name_ru', models.CharField(max_length=100, verbose_name='название')),
                ('name_en', models.CharField(blank=True, max_length=100, verbose_name='название на английском')),
                ('short_name_ru', models.CharField(blank=True, max_length=5, verbose_name='надпись на плитке')),
                ('short_name_en', models.CharField(blank=True, max_length=5, verbose_name='надпись на плитке на английском')),
                ('tile_row', models.PositiveSmallIntegerField(blank=True, help_text='С севера на юг, от единицы; пусто, если на карте нет.', null=True, verbose_name='ряд на карте')),
                ('tile_column', models.PositiveSmallIntegerField(blank=True, help_text='С запада на восток, от единицы.', null=True, verbose_name='столбец на карте')),
                ('country', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regions', to='partner_directory.country', verbose_name='страна')),
            ],
            options={
                'verbose_name': 'регион',
                'verbose_name_plural': 'регионы',
                'ordering': ['name_ru'],
                'constraints': [models.UniqueConstraint(fields=('country', 'name_ru'), name='one_region_per_country_and_name', violation_error_message='В этой стране уже есть регион с таким названием.'), models.UniqueConstraint(fields=('tile_row', 'tile_column'), name='one_region_per_tile', violation_error_message='Эта плитка карты уже занята.'), models.CheckConstraint(condition=models.Q(models.Q(('tile_column__isnull', True), ('tile_row__isnull', True)), models.Q(('tile_column__gte', 1), ('tile_column__isnull', False), ('tile_row__gte', 1), ('tile_row__isnull', False)), _connector='OR'), name='tile_is_a_row_and_a_column_from_one', violation_error_message='Плитка — это и ряд, и столбец, считая от единицы.')],
            },
        ),
        migrations.CreateModel(
            name='City',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name_ru', models.CharField(max_length=100, verbose_name='название')),
                ('name_en', models.CharField(blank=True, max_length=100, verbose_name='название на английском')),
                ('latitude', models.DecimalField(decimal_places=5, help_text='В градусах, на север от экватора.', max_digits=7, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)], verbose_name='широта')),
                ('longitude', models.DecimalField(decimal_places=5, help_text='В градусах, на восток от Гринвича.', max_digits=8, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)], verbose_name='долгота')),
                ('population', models.PositiveIntegerField(default=0, help_text='Крупные города стоят в подсказках первыми.', verbose_name='население')),
                ('words', partner_directory.models.fields.WordsField(blank=True, editable=False, of=('name_ru', 'name_en'), verbose_name='слова для поиска')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cities', to='partner_directory.region', verbose_name='регион')),
            ],
            options={
                'verbose_name': 'город',
                'verbose_name_plural': 'города',
                'ordering': ['name_ru'],
                'constraints': [models.UniqueConstraint(fields=('region', 'name_ru'), name='one_city_per_region_and_name', violation_error_message='В этом регионе уже есть город с таким названием.'), models.CheckConstraint(condition=models.Q(('latitude__gte', -90), ('latitude__lte', 90)), name='latitude_is_between_the_poles', violation_error_message='Широта — от −90 до 90 градусов.'), models.CheckConstraint(condition=models.Q(('longitude__gte', -180), ('longitude__lte', 180)), name='longitude_is_within_the_date_line', violation_error_message='Долгота — от −180 до 180 градусов.')],
            },
        ),
    ]
