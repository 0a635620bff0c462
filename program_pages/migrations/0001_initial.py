import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import program_pages.models.edition
import program_pages.models.fields
import wagtail.contrib.routable_page.models
import wagtail.fields
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='BenefitsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
            ],
            options={
                'verbose_name': 'страница преимуществ',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ContactsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
            ],
            options={
                'verbose_name': 'страница контактов',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ContentPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
            ],
            options={
                'verbose_name': 'обычная страница',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='EventsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
            ],
            options={
                'verbose_name': 'страница мероприятий',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='FaqPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
                ('questions', wagtail.fields.StreamField([('question', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 2: ('wagtail.blocks.StructBlock', [[('question', 0), ('answer', 1)]], {})}, verbose_name='вопросы')),
            ],
            options={
                'verbose_name': 'страница вопросов и ответов',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
                ('lead', wagtail.fields.RichTextField(blank=True, verbose_name='главное предложение')),
                ('steps', wagtail.fields.StreamField([('step', 2)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 1: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 2: ('wagtail.blocks.StructBlock', [[('title', 0), ('text', 1)]], {})}, verbose_name='как присоединиться')),
            ],
            options={
                'verbose_name': 'главная страница',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='JoinPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
            ],
            options={
                'verbose_name': 'страница «Как присоединиться»',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='LevelsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
            ],
            options={
                'verbose_name': 'страница уровней',
            },
            bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='ProductLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(unique=True, verbose_name='код')),
                ('name_ru', models.CharField(max_length=100, verbose_name='название')),
                ('name_en', models.CharField(blank=True, max_length=100, verbose_name='название на английском')),
            ],
            options={
                'verbose_name': 'линейка продуктов',
                'verbose_name_plural': 'линейки продуктов',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ProductsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
            ],
            options={
                'verbose_name': 'страница продуктов и цен',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ProgrammePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
            ],
            options={
                'verbose_name': 'страница о программе',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='TermsPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', wagtail.fields.RichTextField(blank=True, help_text='Числа условий вписываются подстановками, например {retail.discount}.', verbose_name='вступление')),
                ('body', wagtail.fields.StreamField([('heading', 0), ('text', 1), ('notice', 3), ('steps', 7), ('questions', 11), ('figure', 14), ('quotation', 17), ('link', 21), ('levels', 22), ('bonuses', 23)], blank=True, block_lookup={0: ('program_pages.blocks.HeadingBlock', (), {}), 1: ('program_pages.blocks.TextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link']}), 2: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'link'], 'label': 'Текст'}), 3: ('wagtail.blocks.StructBlock', [[('text', 2)]], {}), 4: ('wagtail.blocks.CharBlock', (), {'label': 'Шаг'}), 5: ('wagtail.blocks.TextBlock', (), {'label': 'Пояснение', 'required': False}), 6: ('wagtail.blocks.StructBlock', [[('title', 4), ('text', 5)]], {}), 7: ('wagtail.blocks.ListBlock', (6,), {'description': 'Несколько шагов по порядку', 'icon': 'list-ol', 'label': 'Шаги', 'preview_value': [{'text': 'В партнёрском разделе сайта.', 'title': 'Зарегистрируйтесь'}], 'template': 'program_pages/blocks/steps.html'}), 8: ('wagtail.blocks.CharBlock', (), {'label': 'Вопрос'}), 9: ('wagtail.blocks.RichTextBlock', (), {'features': ['h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Ответ'}), 10: ('wagtail.blocks.StructBlock', [[('question', 8), ('answer', 9)]], {}), 11: ('wagtail.blocks.ListBlock', (10,), {'description': 'Список раскрывающихся ответов', 'icon': 'help', 'label': 'Вопросы и ответы', 'preview_value': [{'answer': '<p>Да.</p>', 'question': 'Можно ли сменить уровень?'}], 'template': 'program_pages/blocks/questions.html'}), 12: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Изображение'}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Подпись', 'required': False}), 14: ('wagtail.blocks.StructBlock', [[('image', 12), ('caption', 13)]], {}), 15: ('wagtail.blocks.TextBlock', (), {'label': 'Слова'}), 16: ('wagtail.blocks.CharBlock', (), {'label': 'Чьи', 'required': False}), 17: ('wagtail.blocks.StructBlock', [[('text', 15), ('author', 16)]], {}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Надпись'}), 19: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Страница', 'required': False}), 20: ('wagtail.blocks.URLBlock', (), {'label': 'или адрес', 'required': False}), 21: ('wagtail.blocks.StructBlock', [[('label', 18), ('page', 19), ('url', 20)]], {}), 22: ('program_pages.blocks.LevelsBlock', (), {}), 23: ('program_pages.blocks.BonusesBlock', (), {})}, verbose_name='содержание')),
            ],
            options={
                'verbose_name': 'страница условий',
            },
            bases=(wagtail.contrib.routable_page.models.RoutablePageMixin, 'wagtailcore.page'),
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title_ru', models.CharField(max_length=150, verbose_name='название')),
                ('title_en', models.CharField(blank=True, max_length=150, verbose_name='название на английском')),
                ('description_ru', models.TextField(blank=True, verbose_name='описание')),
                ('description_en', models.TextField(blank=True, verbose_name='описание на английском')),
                ('place_ru', models.CharField(blank=True, max_length=150, verbose_name='место')),
                ('place_en', models.CharField(blank=True, max_length=150, verbose_name='место на английском')),
                ('starts', models.DateField(verbose_name='начало')),
                ('ends', models.DateField(blank=True, null=True, verbose_name='конец')),
                ('category', models.CharField(choices=[('attend', 'партнёр участвует'), ('host', 'партнёр проводит сам')], max_length=10, verbose_name='категория')),
                ('url', models.URLField(blank=True, verbose_name='подробности')),
                ('is_sample', models.BooleanField(default=False, verbose_name='образец')),
            ],
            options={
                'verbose_name': 'мероприятие',
                'verbose_name_plural': 'мероприятия',
                'ordering': ['-starts', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends__isnull', True), ('ends__gte', models.F('starts')), _connector='OR'), name='event_ends_after_it_starts', violation_error_message='Мероприятие не может кончиться раньше, чем начнётся.')],
            },
        ),
        migrations.CreateModel(
            name='TermsEdition',
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
                ('name_ru', models.CharField(max_length=150, verbose_name='название редакции')),
                ('name_en', models.CharField(blank=True, max_length=150, verbose_name='название редакции на английском')),
                ('effective_from', models.DateField(help_text='С этого дня по московскому времени (R83). Двух редакций с одного дня не бывает.', verbose_name='действует с')),
                ('introduction_ru', models.TextField(blank=True, verbose_name='вступление')),
                ('introduction_en', models.TextField(blank=True, verbose_name='вступление на английском')),
                ('closing_ru', models.TextField(blank=True, verbose_name='заключение')),
                ('closing_en', models.TextField(blank=True, verbose_name='заключение на английском')),
                ('ceiling', program_pages.models.fields.PercentField(decimal_places=2, help_text='Предел скидки вместе с бонусами (R75); что он ограничивает — A2.', max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='потолок, %')),
                ('own_use_cap', program_pages.models.fields.PercentField(decimal_places=2, help_text='R17, R48; как считается — прочтение A3.', max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='лицензии для себя: скидка до, %')),
                ('updates_percent', program_pages.models.fields.PercentField(decimal_places=2, help_text='R53; база — прочтение A9.', max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='обновления, % от лицензий')),
                ('extended_support_percent', program_pages.models.fields.PercentField(decimal_places=2, help_text='R54; база — прочтение A9.', max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='расширенная техподдержка, % от лицензий')),
                ('currency', models.CharField(default='RUB', help_text='Прочтение A10.', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}\\Z', 'Три латинские буквы кода валюты, например RUB.')], verbose_name='валюта')),
                ('prices_include_vat', models.BooleanField(default=False, help_text='Прочтение A10.', verbose_name='цены включают НДС')),
                ('vat_note_ru', models.CharField(blank=True, max_length=200, verbose_name='примечание об НДС')),
                ('vat_note_en', models.CharField(blank=True, max_length=200, verbose_name='примечание об НДС на английском')),
                ('ceiling_scope', models.CharField(choices=[('discount_and_bonuses', 'скидку вместе с бонусами'), ('bonuses_only', 'только бонусы')], default='discount_and_bonuses', help_text='R75: бонусы «суммируются с партнёрской скидкой», поэтому потолок общий.', max_length=30, verbose_name='A2: что ограничивает потолок')),
                ('own_use_without_minimum', models.CharField(choices=[('range', 'диапазон от скидки уровня до предела'), ('partner_discount', 'только скидка уровня')], default='range', help_text='R48: без минимальной цены точного числа нет, честный ответ — диапазон.', max_length=30, verbose_name='A3: лицензии для себя без минимальной цены')),
                ('updates_share_rule', models.CharField(choices=[('agreed_only', 'только по согласованной доле, иначе диапазон'), ('maximum', 'по наибольшей доле')], default='agreed_only', help_text='R33: «до» не обещает наибольшего.', max_length=30, verbose_name='A4: доля «до» от обновлений')),
                ('demo_licences_per', models.CharField(choices=[('partner', 'одна на партнёра'), ('product', 'одна на каждый продукт')], default='partner', help_text='R49: «Партнер получает одну лицензию».', max_length=30, verbose_name='A5: лицензия для показа — на кого')),
                ('no_implementations', models.CharField(choices=[('not_applicable', 'требование неприменимо'), ('not_met', 'требование не выполнено')], default='not_applicable', help_text='R31: доля от нуля не считается. Порог активностей (R30) — в самих требованиях.', max_length=30, verbose_name='A6: отзывы, когда внедрений не было')),
                ('level_change_within_year', models.BooleanField(default=True, help_text='R12: один уровень на линейку продуктов и год; смена закрывает одно участие и открывает другое.', verbose_name='A7: уровень можно сменить в течение года')),
                ('all_joining_steps_required', models.BooleanField(default=True, help_text='R80: регистрация, соглашение, договор.', verbose_name='A8: для участия нужны все три шага')),
                ('services_base', models.CharField(choices=[('final_price', 'сколько конечный клиент платит за лицензии'), ('list_price', 'цена по прайс-листу')], default='final_price', help_text='R51, R53, R54: после скидки клиенту (R50).', max_length=30, verbose_name='A9: база поддержки и обновлений')),
                ('rounding', models.CharField(choices=[('half_up', 'половина — вверх'), ('half_even', 'половина — к чётному')], default='half_up', help_text='Итоги — суммы округлённых строк.', max_length=30, verbose_name='A10: округление строки до копейки')),
                ('time_zone', models.CharField(default='Europe/Moscow', help_text='R44: участие — до 31 декабря; год сменяется в полночь этого пояса.', max_length=50, validators=[program_pages.models.edition.validate_time_zone], verbose_name='A11: где сменяется год')),
                ('renewal_opens_month', models.PositiveSmallIntegerField(default=11, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(12)], verbose_name='A11: месяц начала продления')),
                ('renewal_opens_day', models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)], verbose_name='A11: день начала продления')),
                ('grace_days', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(366)], verbose_name='A11: льготных дней после 31 декабря')),
                ('mark_sample_prices', models.BooleanField(default=True, help_text='В источнике нет цен: пока прайс-лист образец, об этом говорит каждая страница и расчёт.', verbose_name='A12: предупреждать об условных ценах')),
                ('approved_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='утверждена')),
                ('approved_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='утвердил')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
            ],
            options={
                'verbose_name': 'редакция условий',
                'verbose_name_plural': 'редакции условий',
                'ordering': ['-effective_from', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('live', True)), fields=('effective_from',), name='one_published_edition_per_day', violation_error_message='С этого дня уже действует другая утверждённая редакция.'), models.CheckConstraint(condition=models.Q(('ceiling__gte', 0), ('ceiling__lte', 100), ('own_use_cap__gte', 0), ('own_use_cap__lte', 100)), name='edition_limits_are_percents'), models.CheckConstraint(condition=models.Q(('updates_percent__gte', 0), ('updates_percent__lte', 100), ('extended_support_percent__gte', 0), ('extended_support_percent__lte', 100)), name='edition_services_are_percents'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at__isnull', True), ('approved_by__isnull', True)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('live', True)), _connector='OR'), name='edition_approval_names_its_approver')],
            },
            bases=(wagtail.models.preview.PreviewableMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='VendorSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation_ru', models.CharField(default='ASoft', max_length=100, verbose_name='название компании')),
                ('organisation_en', models.CharField(blank=True, max_length=100, verbose_name='название компании на английском')),
                ('vendor_site_url', models.URLField(default='https://www.asoft.ru/', help_text='R11, R19.', verbose_name='сайт компании')),
                ('product_site_url', models.URLField(default='http://www.asoftcrm.com/', help_text='R11.', verbose_name='сайт о продуктах')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='почта для партнёров')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='телефон')),
                ('address_ru', models.CharField(blank=True, max_length=200, verbose_name='адрес')),
                ('address_en', models.CharField(blank=True, max_length=200, verbose_name='адрес на английском')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'Компания и контакты',
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Не меняется: на нём держатся ссылки и API.', unique=True, verbose_name='код')),
                ('name_ru', models.CharField(max_length=100, verbose_name='название')),
                ('name_en', models.CharField(blank=True, max_length=100, verbose_name='название на английском')),
                ('summary_ru', models.TextField(blank=True, verbose_name='описание')),
                ('summary_en', models.TextField(blank=True, verbose_name='описание на английском')),
                ('is_module', models.BooleanField(default=False, help_text='Например, «Изоляция» (R38).', verbose_name='функциональный модуль')),
                ('on_sale', models.BooleanField(default=True, help_text='Снятый с продажи не показывается.', verbose_name='продаётся')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='порядок показа')),
                ('product_line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='program_pages.productline', verbose_name='линейка продуктов')),
            ],
            options={
                'verbose_name': 'продукт',
                'verbose_name_plural': 'продукты',
                'ordering': ['order', 'pk'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Level',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Не меняется: на нём держатся ссылки и API.', unique=True, verbose_name='код в адресах')),
                ('contract_code', models.PositiveSmallIntegerField(help_text='Обозначение уровня в лицензионных договорах (R84).', unique=True, verbose_name='обозначение в договоре')),
                ('name_ru', models.CharField(max_length=100, verbose_name='полное название')),
                ('name_en', models.CharField(blank=True, max_length=100, verbose_name='полное название на английском')),
                ('short_name_ru', models.CharField(max_length=40, verbose_name='краткое название')),
                ('short_name_en', models.CharField(blank=True, max_length=40, verbose_name='краткое название на английском')),
                ('mark_name', models.CharField(help_text='Надпись на логотипе уровня (R9).', max_length=100, verbose_name='название знака')),
                ('colour', models.CharField(help_text='#b45309', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}\\Z', 'Цвет пишется как #rrggbb: решётка и шесть шестнадцатеричных цифр в нижнем регистре.')], verbose_name='цвет')),
                ('shape', models.CharField(choices=[('square', 'квадрат'), ('hexagon', 'шестиугольник'), ('circle', 'круг'), ('diamond', 'ромб'), ('triangle', 'треугольник'), ('octagon', 'восьмиугольник')], max_length=10, verbose_name='форма')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='порядок показа')),
                ('product_line', models.ForeignKey(help_text='С новыми продуктами появляются и новые уровни (R13).', on_delete=django.db.models.deletion.PROTECT, related_name='levels', to='program_pages.productline', verbose_name='линейка продуктов')),
            ],
            options={
                'verbose_name': 'уровень участия',
                'verbose_name_plural': 'уровни участия',
                'ordering': ['order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Bonus',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('key', models.SlugField(verbose_name='код')),
                ('measure', models.CharField(choices=[('reviews_share', 'доля отзывов, % от внедрений (R71)'), ('sales_plan', 'выполненный план продаж (R72)'), ('extra_specialists', 'специалисты сверх требований, человек (R73)'), ('event_attended', 'участие в мероприятии (R74)'), ('event_hosted', 'своё мероприятие (R74)'), ('other', 'иное, подтверждает менеджер')], max_length=30, verbose_name='за что')),
                ('title_ru', models.CharField(max_length=200, verbose_name='бонус')),
                ('title_en', models.CharField(blank=True, max_length=200, verbose_name='бонус на английском')),
                ('clause', program_pages.models.fields.ClauseCodeField(max_length=10, validators=[django.core.validators.RegexValidator('^[A-Z]+\\d+\\Z', 'Код пункта: латинские прописные буквы и число, например R50.')], verbose_name='пункт')),
                ('threshold', models.DecimalField(blank=True, decimal_places=2, help_text='Процентов или человек — по тому, за что бонус; пусто, где порога нет.', max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='порог')),
                ('strict', models.BooleanField(default=False, help_text='«Более» порога (R71) — строго: ровно порог не даёт бонуса.', verbose_name='строго больше порога')),
                ('only_if_agreed', models.BooleanField(default=False, help_text='Без согласованного плана бонус неприменим (R72).', verbose_name='только если согласовано')),
                ('group', models.SlugField(blank=True, help_text='Бонусы одного рода, например events.', verbose_name='группа')),
                ('highest_of_group', models.BooleanField(default=False, help_text='Прочтение A1: из бонусов группы действует высший (R74).', verbose_name='из группы — только высший')),
                ('edition', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='bonuses', to='program_pages.termsedition')),
            ],
            options={
                'verbose_name': 'бонус',
                'verbose_name_plural': 'бонусы',
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('edition', 'key'), name='one_bonus_per_edition_and_key'), models.CheckConstraint(condition=models.Q(('highest_of_group', False), models.Q(('group', ''), _negated=True), _connector='OR'), name='highest_of_group_names_its_group')],
            },
        ),
        migrations.CreateModel(
            name='Benefit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('key', models.SlugField(verbose_name='код')),
                ('title_ru', models.CharField(max_length=200, verbose_name='преимущество')),
                ('title_en', models.CharField(blank=True, max_length=200, verbose_name='преимущество на английском')),
                ('clause', program_pages.models.fields.ClauseCodeField(max_length=10, validators=[django.core.validators.RegexValidator('^[A-Z]+\\d+\\Z', 'Код пункта: латинские прописные буквы и число, например R50.')], verbose_name='пункт')),
                ('source', models.CharField(blank=True, choices=[('', 'вписано в таблице'), ('discount', 'скидка уровня (R64)'), ('own_implementation_share', 'доля от своего внедрения (R65)'), ('asoft_implementation_share', 'доля от внедрения силами ASoft (R66)'), ('may_implement', 'может внедрять сам (R62)'), ('demo_licences', 'лицензии для показа (R59)')], default='', help_text='Одно число живёт в одном месте: скидка и доли берутся из условий уровня.', max_length=30, verbose_name='откуда значения')),
                ('edition', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='benefits', to='program_pages.termsedition')),
            ],
            options={
                'verbose_name': 'преимущество',
                'verbose_name_plural': 'преимущества',
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('edition', 'key'), name='one_benefit_per_edition_and_key')],
            },
        ),
        migrations.CreateModel(
            name='TermsSection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('number', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='номер')),
                ('title_ru', models.CharField(max_length=200, verbose_name='заголовок')),
                ('title_en', models.CharField(blank=True, max_length=200, verbose_name='заголовок на английском')),
                ('edition', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='program_pages.termsedition')),
            ],
            options={
                'verbose_name': 'раздел условий',
                'verbose_name_plural': 'разделы условий',
                'ordering': ['number'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('edition', 'number'), name='one_section_per_edition_and_number')],
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(verbose_name='действует с')),
                ('list_price', models.DecimalField(decimal_places=2, max_digits=12, validators=[django.core.validators.MinValueValidator(0)], verbose_name='цена по прайс-листу')),
                ('minimum_price', models.DecimalField(blank=True, decimal_places=2, help_text='Для лицензий партнёра себе (R48); пусто, если не назначена: тогда ответ — диапазон (A3).', max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='минимальная цена')),
                ('is_sample', models.BooleanField(default=False, help_text='Условная цена: об этом говорит каждая страница и каждый расчёт (A12).', verbose_name='образец')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='program_pages.product', verbose_name='продукт')),
            ],
            options={
                'verbose_name': 'цена',
                'verbose_name_plural': 'прайс-лист',
                'ordering': ['-valid_from', 'product__order', 'pk'],
                'permissions': [('export_price', 'Может выгружать прайс-лист')],
                'constraints': [models.UniqueConstraint(fields=('product', 'valid_from'), name='one_price_per_product_and_day', violation_error_message='У этого продукта уже есть цена с этого дня.'), models.CheckConstraint(condition=models.Q(('list_price__gte', 0)), name='list_price_is_not_negative', violation_error_message='Цена не бывает отрицательной.'), models.CheckConstraint(condition=models.Q(('minimum_price__isnull', True), models.Q(('minimum_price__gte', 0), ('minimum_price__lte', models.F('list_price'))), _connector='OR'), name='minimum_price_is_within_the_list_price', violation_error_message='Минимальная цена — от нуля до цены по прайс-листу.')],
            },
        ),
        migrations.CreateModel(
            name='Requirement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('key', models.SlugField(help_text='Один и тот же у одинаковых требований разных уровней.', verbose_name='код')),
                ('kind', models.CharField(choices=[('certified_specialists', 'сертифицированные сотрудники, человек'), ('marketing_activities', 'маркетинговые активности за срок, штук'), ('reviews_share', 'отзывы клиентов, % от внедрений'), ('announcement', 'анонс участия на своём сайте'), ('module_purchased', 'покупка модуля'), ('rented_licences', 'покупка лицензий для аренды'), ('extended_support', 'оплата расширенной техподдержки'), ('other', 'иное, подтверждает менеджер')], max_length=30, verbose_name='что измеряется')),
                ('title_ru', models.CharField(max_length=150, verbose_name='требование')),
                ('title_en', models.CharField(blank=True, max_length=150, verbose_name='требование на английском')),
                ('description_ru', models.TextField(blank=True, verbose_name='пояснение')),
                ('description_en', models.TextField(blank=True, verbose_name='пояснение на английском')),
                ('threshold', models.DecimalField(blank=True, decimal_places=2, help_text='Человек, штук или процентов — по виду требования; пусто, где порога нет.', max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='порог')),
                ('strict', models.BooleanField(default=False, help_text='Иначе порог входит (R31).', verbose_name='строго больше порога')),
                ('clause', program_pages.models.fields.ClauseCodeField(max_length=10, validators=[django.core.validators.RegexValidator('^[A-Z]+\\d+\\Z', 'Код пункта: латинские прописные буквы и число, например R50.')], verbose_name='пункт')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='program_pages.level', verbose_name='уровень')),
                ('edition', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='requirements', to='program_pages.termsedition')),
            ],
            options={
                'verbose_name': 'требование',
                'verbose_name_plural': 'требования',
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('edition', 'level', 'key'), name='one_requirement_per_edition_level_and_key')],
            },
        ),
        migrations.CreateModel(
            name='LevelTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('summary_ru', models.CharField(blank=True, max_length=200, verbose_name='коротко об уровне')),
                ('summary_en', models.CharField(blank=True, max_length=200, verbose_name='коротко об уровне на английском')),
                ('discount', program_pages.models.fields.PercentField(blank=True, decimal_places=2, help_text='Партнёрская скидка на лицензии (R15, R25, R35, R46).', max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='скидка, %')),
                ('may_implement', models.BooleanField(default=False, help_text='R22, R62.', verbose_name='может внедрять сам')),
                ('may_maintain', models.BooleanField(default=False, help_text='R22, R32.', verbose_name='может сопровождать и обучать')),
                ('may_rent_out', models.BooleanField(default=False, help_text='R35.', verbose_name='может сдавать в аренду')),
                ('demo_licences', models.PositiveSmallIntegerField(default=0, help_text='R18, R49; на кого считать, решает прочтение A5.', verbose_name='бесплатных лицензий для показа')),
                ('updates_share', program_pages.models.fields.PercentField(blank=True, decimal_places=2, help_text='Наибольшая доля (R33), пусто, если её нет; как считать «до», решает прочтение A4.', max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='доля от обновлений, до %')),
                ('own_implementation_share', program_pages.models.fields.PercentField(blank=True, decimal_places=2, help_text='R65; пусто, если внедрять нельзя.', max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='доля от своего внедрения, %')),
                ('asoft_implementation_share', program_pages.models.fields.PercentField(blank=True, decimal_places=2, help_text='R66; пусто, если доли нет.', max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='доля от внедрения силами ASoft, %')),
                ('support_percent', program_pages.models.fields.PercentField(blank=True, decimal_places=2, help_text='R51; пусто — «по договорённости», по SLA (R52).', max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='техподдержка, % от лицензий')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='program_pages.level', verbose_name='уровень')),
                ('edition', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='level_terms', to='program_pages.termsedition')),
            ],
            options={
                'verbose_name': 'условия уровня',
                'verbose_name_plural': 'условия уровней',
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('edition', 'level'), name='one_level_terms_per_edition_and_level'), models.CheckConstraint(condition=models.Q(('discount__isnull', True), models.Q(('discount__gte', 0), ('discount__lte', 100)), _connector='OR'), name='level_discount_is_a_percent'), models.CheckConstraint(condition=models.Q(('updates_share__isnull', True), models.Q(('updates_share__gte', 0), ('updates_share__lte', 100)), _connector='OR'), name='updates_share_is_a_percent'), models.CheckConstraint(condition=models.Q(('own_implementation_share__isnull', True), models.Q(('own_implementation_share__gte', 0), ('own_implementation_share__lte', 100)), _connector='OR'), name='own_implementation_share_is_a_percent'), models.CheckConstraint(condition=models.Q(('asoft_implementation_share__isnull', True), models.Q(('asoft_implementation_share__gte', 0), ('asoft_implementation_share__lte', 100)), _connector='OR'), name='asoft_implementation_share_is_a_percent'), models.CheckConstraint(condition=models.Q(('support_percent__isnull', True), models.Q(('support_percent__gte', 0), ('support_percent__lte', 100)), _connector='OR'), name='support_is_a_percent')],
            },
        ),
        migrations.CreateModel(
            name='Clause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                ('code', program_pages.models.fields.ClauseCodeField(help_text='Не меняется от редакции к редакции: R50 — это /terms/#r50.', max_length=10, validators=[django.core.validators.RegexValidator('^[A-Z]+\\d+\\Z', 'Код пункта: латинские прописные буквы и число, например R50.')], verbose_name='код')),
                ('section', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='раздел')),
                ('kind', models.CharField(choices=[('text', 'текст'), ('advantage', 'преимущество уровня'), ('restriction', 'ограничение уровня'), ('right', 'право уровня')], default='text', max_length=12, verbose_name='роль')),
                ('topic', models.CharField(blank=True, choices=[('levels', 'уровни участия'), ('term', 'срок участия'), ('renewal', 'продление'), ('discount', 'скидка на лицензии'), ('plan_discount', 'скидка по плану продаж'), ('own_use', 'лицензии для себя'), ('demo_licence', 'лицензия для показа'), ('client_discount', 'скидка конечному клиенту'), ('support_percent', 'цена техподдержки'), ('support_by_agreement', 'техподдержка по договорённости'), ('updates', 'цена обновлений'), ('updates_share', 'доля партнёра от обновлений'), ('extended_support', 'расширенная техподдержка'), ('own_implementation', 'своё внедрение'), ('asoft_implementation', 'внедрение силами ASoft'), ('renting', 'сдача в аренду'), ('ceiling', 'потолок скидки и бонусов'), ('bonus_return', 'возврат бонуса'), ('events', 'мероприятия'), ('logo_right', 'право на логотип'), ('logo_use', 'использование логотипа')], help_text='По этой отметке расчёт находит пункт, на который сослаться.', max_length=30, verbose_name='что регулирует')),
                ('text_ru', models.TextField(help_text='Числа вписываются подстановками, например {retail.discount}: тогда текст не расходится с условиями.', verbose_name='текст')),
                ('text_en', models.TextField(blank=True, verbose_name='текст на английском')),
                ('level', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='program_pages.level', verbose_name='уровень')),
                ('edition', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='clauses', to='program_pages.termsedition')),
            ],
            options={
                'verbose_name': 'пункт условий',
                'verbose_name_plural': 'пункты условий',
                'ordering': ['sort_order'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('edition', 'code'), name='one_clause_per_edition_and_code'), models.UniqueConstraint(condition=models.Q(models.Q(('topic', ''), _negated=True), ('level__isnull', False)), fields=('edition', 'topic', 'level'), name='one_clause_per_edition_topic_and_level'), models.UniqueConstraint(condition=models.Q(models.Q(('topic', ''), _negated=True), ('level__isnull', True)), fields=('edition', 'topic'), name='one_general_clause_per_edition_and_topic'), models.CheckConstraint(condition=models.Q(('kind', 'text'), ('level__isnull', False), _connector='OR'), name='clause_with_a_role_names_its_level')],
            },
        ),
        migrations.CreateModel(
            name='BonusPoints',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', program_pages.models.fields.PercentField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='баллы, п. п.')),
                ('bonus', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='points', to='program_pages.bonus')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='program_pages.level', verbose_name='уровень')),
            ],
            options={
                'verbose_name': 'баллы бонуса',
                'verbose_name_plural': 'баллы бонусов',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('bonus', 'level'), name='one_points_row_per_bonus_and_level'), models.CheckConstraint(condition=models.Q(('points__isnull', True), models.Q(('points__gte', 0), ('points__lte', 100)), _connector='OR'), name='bonus_points_are_a_percent')],
            },
        ),
        migrations.CreateModel(
            name='BenefitCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('yes', 'есть'), ('no', 'нет'), ('value', 'значение')], default='no', max_length=5, verbose_name='есть ли')),
                ('value_ru', models.CharField(blank=True, max_length=100, verbose_name='значение')),
                ('value_en', models.CharField(blank=True, max_length=100, verbose_name='значение на английском')),
                ('benefit', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='program_pages.benefit')),
                ('level', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='program_pages.level', verbose_name='уровень')),
            ],
            options={
                'verbose_name': 'ячейка преимущества',
                'verbose_name_plural': 'ячейки преимуществ',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('benefit', 'level'), name='one_cell_per_benefit_and_level'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'value'), _negated=True), models.Q(('value_ru', ''), _negated=True), _connector='OR'), name='benefit_value_is_written')],
            },
        ),
    ]
