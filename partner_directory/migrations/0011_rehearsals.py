import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('partner_directory', '0010_logos_page'),
        ('program_pages', '0003_bonuses_until'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='Impact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('edition_name', models.CharField(max_length=150)),
                ('content', models.JSONField()),
                ('content_sha256', models.CharField(max_length=64)),
                ('base_name', models.CharField(max_length=150)),
                ('base_content', models.JSONField()),
                ('day', models.DateField(verbose_name='записи по')),
                ('effect_day', models.DateField(verbose_name='сравнение на')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='начата')),
                ('claim', models.UUIDField(editable=False, null=True)),
                ('heard_at', models.DateTimeField(editable=False, null=True)),
                ('cursor', models.PositiveBigIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0, verbose_name='просмотрено')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='всего партнёров')),
                ('tallies', models.JSONField(default=dict)),
                ('groups', models.JSONField(default=dict)),
                ('records_sha256', models.CharField(blank=True, max_length=64)),
                ('finished_at', models.DateTimeField(null=True, verbose_name='закончена')),
                ('replaced_at', models.DateTimeField(null=True)),
                ('edition', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='program_pages.termsedition', verbose_name='редакция')),
                ('revision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision')),
                ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто начал')),
            ],
            options={
                'verbose_name': 'репетиция редакции',
                'verbose_name_plural': 'репетиции редакций',
                'ordering': ['-started_at', '-pk'],
                'permissions': [('export_impact', 'Может выгружать репетиции редакций')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('finished_at__isnull', True), ('replaced_at__isnull', True)), fields=('edition',), name='one_rehearsal_of_an_edition_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('heard_at__isnull', True)), models.Q(('claim__isnull', False), ('finished_at__isnull', True), ('heard_at__isnull', False)), _connector='OR'), name='rehearsal_that_runs_is_not_finished'), models.CheckConstraint(condition=models.Q(('finished_at__isnull', True), ('replaced_at__isnull', True), _connector='OR'), name='rehearsal_that_finished_is_not_replaced')],
            },
        ),
        migrations.CreateModel(
            name='ImpactRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('missed', models.JSONField(default=list)),
                ('met', models.JSONField(default=list)),
                ('discount_before', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('discount_after', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('bonus_before', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('bonus_after', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('support_before', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('support_after', models.DecimalField(decimal_places=2, max_digits=6, null=True)),
                ('sold', models.DecimalField(decimal_places=2, max_digits=18)),
                ('licences', models.DecimalField(decimal_places=2, max_digits=18)),
                ('bonus_value', models.DecimalField(decimal_places=2, max_digits=18)),
                ('own_use', models.DecimalField(decimal_places=2, max_digits=18)),
                ('support_cost', models.DecimalField(decimal_places=2, max_digits=18)),
                ('clients', models.DecimalField(decimal_places=2, max_digits=18)),
                ('total', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='итого, ₽')),
                ('is_gone', models.BooleanField(default=False)),
                ('impact', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='partner_directory.impact')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='program_pages.level', verbose_name='уровень')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partner_directory.membership')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partner_directory.partner', verbose_name='партнёр')),
            ],
            options={
                'verbose_name': 'последствие для партнёра',
                'verbose_name_plural': 'последствия для партнёров',
                'ordering': ['total', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('impact', 'membership'), name='one_row_per_rehearsal_and_membership')],
                'indexes': [models.Index(fields=['impact', 'total'], name='partner_dir_impact__6f1d1d_idx')],
            },
        ),
    ]
