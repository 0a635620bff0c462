import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '__first__'),
        ('partner_directory', '0011_rehearsals'),
        ('program_pages', '0003_bonuses_until'),
    ]

    operations = [
        migrations.CreateModel(
            name='EditionRelease',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveBigIntegerField(help_text='Номер утверждённой версии.', verbose_name='версия')),
                ('effective_from', models.DateField(verbose_name='действует с')),
                ('released_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='опубликована')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='оповещены все')),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='опубликована заново')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='отозвана')),
                ('withdrawal_told_at', models.DateTimeField(blank=True, null=True, verbose_name='об отзыве сказано всем')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='releases', to='program_pages.termsedition', verbose_name='редакция')),
                ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто опубликовал')),
            ],
            options={
                'verbose_name': 'оповещение о редакции',
                'verbose_name_plural': 'оповещения о редакциях',
                'ordering': ['-released_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True), ('withdrawn_at__isnull', True)), fields=('edition',), name='one_release_of_an_edition_holds'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('replaced_at__isnull', True), _connector='OR'), name='release_is_withdrawn_or_replaced'), models.CheckConstraint(condition=models.Q(('withdrawal_told_at__isnull', True), ('withdrawn_at__isnull', False), _connector='OR'), name='only_a_withdrawal_is_told_of_as_one')],
            },
        ),
        migrations.CreateModel(
            name='EditionNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=80, unique=True, verbose_name='событие')),
                ('content', models.JSONField(verbose_name='что меняется')),
                ('touches', models.BooleanField(verbose_name='касается партнёра')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='написано')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='прочитано')),
                ('taken_back_at', models.DateTimeField(blank=True, null=True, verbose_name='отозвано')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='program_pages.level', verbose_name='уровень')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='edition_notices', to='partner_directory.partner', verbose_name='партнёр')),
                ('read_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто прочитал')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='partner_directory.editionrelease', verbose_name='оповещение')),
            ],
            options={
                'verbose_name': 'извещение о редакции',
                'verbose_name_plural': 'извещения о редакциях',
                'ordering': ['-created_at', '-pk'],
                'permissions': [('export_editionnotice', 'Может выгружать извещения о редакциях')],
                'constraints': [models.UniqueConstraint(fields=('release', 'partner', 'level'), name='one_notice_per_release_partner_and_level'), models.CheckConstraint(condition=models.Q(('read_by__isnull', True), ('read_at__isnull', False), _connector='OR'), name='notice_that_was_read_says_when')],
                'indexes': [models.Index(fields=['partner', 'read_at'], name='partner_dir_partner_4116f6_idx')],
            },
        ),
        migrations.CreateModel(
            name='Talk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clauses', models.JSONField(verbose_name='пункты')),
                ('state', models.CharField(choices=[('open', 'ждёт ответа ASoft'), ('answered', 'ждёт партнёра'), ('closed', 'закрыт ответом'), ('agreed', 'заключено соглашение')], default='open', max_length=10, verbose_name='состояние')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='начат')),
                ('ball_since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='ход с')),
                ('answer', models.TextField(blank=True, max_length=4000, verbose_name='ответ')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='закончен')),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто закончил')),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='talks', to='partner_directory.editionnotice', verbose_name='извещение')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='кто начал')),
                ('overlay', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='talks', to='partner_directory.overlay', verbose_name='Дополнительное соглашение')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='talks', to='partner_directory.partner', verbose_name='партнёр')),
            ],
            options={
                'verbose_name': 'разговор об условиях',
                'verbose_name_plural': 'разговоры об условиях',
                'ordering': ['-opened_at', '-pk'],
                'permissions': [('export_talk', 'Может выгружать разговоры об условиях')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('open', 'answered'))), fields=('notice',), name='one_talk_of_a_notice_goes_on', violation_error_message='Разговор об этой редакции уже идёт.'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state__in', ('open', 'answered'))), models.Q(models.Q(('state__in', ('open', 'answered')), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='talk_that_ended_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('answer__gt', ''), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('answer', '')), _connector='OR'), name='talk_that_was_closed_has_its_answer'), models.CheckConstraint(condition=models.Q(models.Q(('overlay__isnull', False), ('state', 'agreed')), models.Q(models.Q(('state', 'agreed'), _negated=True), ('overlay__isnull', True)), _connector='OR'), name='talk_that_was_agreed_has_its_agreement')],
            },
        ),
        migrations.CreateModel(
            name='TalkEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('partner', 'партнёр'), ('vendor', 'ASoft')], max_length=10, verbose_name='сторона')),
                ('text', models.TextField(max_length=4000, verbose_name='текст')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='когда')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='автор')),
                ('talk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='partner_directory.talk', verbose_name='разговор')),
            ],
            options={
                'verbose_name': 'реплика разговора',
                'verbose_name_plural': 'реплики разговоров',
                'ordering': ['at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='talk_entry_says_something')],
            },
        ),
        migrations.AddField(
            model_name='bonusrequest',
            name='facts',
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name='из чего рассчитано'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['key'], name='partner_dir_key_d2289b_idx'),
        ),
    ]
