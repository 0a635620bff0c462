import django.core.validators
import django.db.models.deletion
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('partner_directory', '0006_partners_section'),
        ('program_pages', '0003_bonuses_until'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='Badge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='код')),
                ('issued_at', models.DateTimeField(verbose_name='выдан')),
                ('revoked_at', models.DateTimeField(null=True, verbose_name='отозван')),
                ('reason', models.TextField(blank=True, verbose_name='почему отозван')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто выдал')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='badges', to='partner_directory.partner', verbose_name='партнёр')),
                ('product_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='program_pages.productline', verbose_name='линейка продуктов')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='partner_directory.badge', verbose_name='вместо')),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто отозвал')),
            ],
            options={
                'verbose_name': 'значок партнёра',
                'verbose_name_plural': 'значки партнёров',
                'ordering': ['-issued_at', 'pk'],
                'permissions': [('export_badge', 'Может выгружать значки')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('partner', 'product_line'), name='one_current_badge_of_a_partner_and_line'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('revoked_at__isnull', True)), models.Q(('reason__gt', ''), ('revoked_at__isnull', False)), _connector='OR'), name='badge_that_is_revoked_says_why')],
            },
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('drawings', models.JSONField(blank=True, default=dict, help_text='SVG по раскладке и краске.', verbose_name='рисунки')),
                ('is_sample', models.BooleanField(default=True, help_text='Нарисован сайтом: подлинные файлы ещё не загружены (R9).', verbose_name='образец')),
                ('clear_space', models.DecimalField(decimal_places=2, help_text='Долей высоты знака, со всех сторон.', max_digits=3, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='свободное поле')),
                ('least_px', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='наименьшая высота на экране, пикселей')),
                ('least_mm', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='наименьшая высота в печати, мм')),
                ('slug', models.SlugField(help_text='В именах файлов; не меняется.', unique=True, verbose_name='код')),
                ('name', models.CharField(help_text='Надпись на знаке, на всех языках одна (R9).', max_length=100, verbose_name='надпись')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('level', models.OneToOneField(blank=True, help_text='Пусто у знака самой программы: он для любого действующего партнёра (R9).', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mark', to='program_pages.level', verbose_name='уровень')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': 'знак программы',
                'verbose_name_plural': 'знаки программы',
                'ordering': [models.OrderBy(models.F('level__order'), nulls_first=True), 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('level__isnull', True), ('slug', 'programme')), models.Q(('level__isnull', False), models.Q(('slug', 'programme'), _negated=True)), _connector='OR'), name='one_mark_without_a_level_the_programme_s')],
            },
            bases=(wagtail.models.preview.PreviewableMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Suspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='с')),
                ('resumed_on', models.DateField(verbose_name='снова действует с')),
                ('reason', models.TextField(blank=True, verbose_name='причина')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='partner_directory.membership', verbose_name='членство')),
            ],
            options={
                'verbose_name': 'приостановка членства',
                'verbose_name_plural': 'приостановки членств',
                'ordering': ['since', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('resumed_on__gte', models.F('since'))), name='suspension_starts_before_it_ends')],
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.PositiveIntegerField(unique=True, verbose_name='место в списке состояний')),
                ('key_id', models.CharField(max_length=64, verbose_name='ключ')),
                ('token', models.TextField(verbose_name='подписанное свидетельство')),
                ('issued_at', models.DateTimeField(verbose_name='выдано')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='закрыто')),
                ('closed_how', models.CharField(blank=True, choices=[('ended', 'членство прекращено'), ('level_changed', 'сменён уровень'), ('reissued', 'выдано заново'), ('revoked', 'отозвано')], max_length=15, verbose_name='как закрыто')),
                ('badge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='partner_directory.badge', verbose_name='значок')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='program_pages.level', verbose_name='уровень')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='partner_directory.membership', verbose_name='членство')),
            ],
            options={
                'verbose_name': 'свидетельство',
                'verbose_name_plural': 'свидетельства',
                'ordering': ['-issued_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('membership',), name='one_open_credential_of_a_membership'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_how', '')), models.Q(('closed_at__isnull', False), ('closed_how__gt', '')), _connector='OR'), name='credential_that_is_closed_says_how')],
            },
        ),
        migrations.CreateModel(
            name='MarkVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('drawings', models.JSONField(blank=True, default=dict, help_text='SVG по раскладке и краске.', verbose_name='рисунки')),
                ('is_sample', models.BooleanField(default=True, help_text='Нарисован сайтом: подлинные файлы ещё не загружены (R9).', verbose_name='образец')),
                ('clear_space', models.DecimalField(decimal_places=2, help_text='Долей высоты знака, со всех сторон.', max_digits=3, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='свободное поле')),
                ('least_px', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='наименьшая высота на экране, пикселей')),
                ('least_mm', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='наименьшая высота в печати, мм')),
                ('number', models.PositiveSmallIntegerField(verbose_name='версия')),
                ('name', models.CharField(max_length=100, verbose_name='надпись')),
                ('approved_at', models.DateTimeField(auto_now_add=True, verbose_name='утверждена')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто утвердил')),
                ('mark', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='partner_directory.mark', verbose_name='знак')),
            ],
            options={
                'verbose_name': 'версия знака',
                'verbose_name_plural': 'версии знаков',
                'ordering': ['mark', '-number'],
                'constraints': [models.UniqueConstraint(fields=('mark', 'number'), name='one_version_per_number')],
            },
        ),
        migrations.CreateModel(
            name='MarkFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='файл')),
                ('size', models.PositiveIntegerField(verbose_name='размер, байт')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='контрольная сумма')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='partner_directory.markversion')),
            ],
            options={
                'verbose_name': 'файл знака',
                'verbose_name_plural': 'файлы знаков',
                'ordering': ['version', 'name'],
                'constraints': [models.UniqueConstraint(fields=('version', 'name'), name='one_file_per_name_of_a_version')],
            },
        ),
        migrations.CreateModel(
            name='KitDownload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('taken_at', models.DateTimeField(auto_now_add=True, verbose_name='когда')),
                ('sha256', models.CharField(max_length=64, verbose_name='контрольная сумма')),
                ('badge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partner_directory.badge', verbose_name='значок')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kit_downloads', to='partner_directory.partner', verbose_name='партнёр')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто взял')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='downloads', to='partner_directory.markversion', verbose_name='версия знака')),
            ],
            options={
                'verbose_name': 'взятый комплект',
                'verbose_name_plural': 'взятые комплекты',
                'ordering': ['-taken_at', '-pk'],
                'permissions': [('export_kitdownload', 'Может выгружать взятые комплекты')],
                'indexes': [models.Index(fields=['partner', 'taken_at'], name='partner_dir_partner_768484_idx')],
            },
        ),
    ]
