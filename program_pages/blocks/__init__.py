"""The blocks editors build pages from; each has a description, a preview and a template of its own.

Blocks know the programme's terms only through the page's context. May not import models.
"""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageBlock

RICH_TEXT = ["h3", "bold", "italic", "ol", "ul", "link", "document-link"]


class HeadingBlock(blocks.CharBlock):
    """A heading of the second rank, linkable by its text."""

    class Meta:
        icon = "title"
        label = _("Заголовок")
        template = "program_pages/blocks/heading.html"
        preview_value = "Кому подходит программа"
        description = _("Заголовок раздела страницы")


class TextBlock(blocks.RichTextBlock):
    """Running text; placeholders such as {retail.discount} show the number in force."""

    class Meta:
        icon = "pilcrow"
        label = _("Текст")
        template = "program_pages/blocks/text.html"
        preview_value = "<p>Партнёром может стать <b>любая</b> компания из сферы информационных технологий.</p>"
        description = _("Текст; числа условий вписываются подстановками, например {retail.discount}")


class FigureBlock(blocks.StructBlock):
    """An image with its caption; the description for screen readers is asked for."""

    image = ImageBlock(label=_("Изображение"))
    caption = blocks.CharBlock(required=False, label=_("Подпись"))

    class Meta:
        icon = "image"
        label = _("Изображение")
        template = "program_pages/blocks/figure.html"
        preview_value = {"caption": "Семинар на базе партнёра"}
        description = _("Изображение с подписью")


class QuoteBlock(blocks.StructBlock):
    """Somebody's words."""

    text = blocks.TextBlock(label=_("Слова"))
    author = blocks.CharBlock(required=False, label=_("Чьи"))

    class Meta:
        icon = "openquote"
        label = _("Цитата")
        template = "program_pages/blocks/quotation.html"
        preview_value = {"text": "Мы предлагаем прозрачные и гибкие условия сотрудничества.", "author": "Команда ASoft"}
        description = _("Цитата с автором")


class StepBlock(blocks.StructBlock):
    """One step of a numbered path."""

    title = blocks.CharBlock(label=_("Шаг"))
    text = blocks.TextBlock(required=False, label=_("Пояснение"))

    class Meta:
        icon = "list-ol"
        label = _("Шаг")
        template = "program_pages/blocks/step.html"
        preview_value = {"title": "Зарегистрируйтесь", "text": "В партнёрском разделе сайта."}
        description = _("Шаг с номером: номера ставятся сами")


class QuestionBlock(blocks.StructBlock):
    """A question and its answer."""

    question = blocks.CharBlock(label=_("Вопрос"))
    answer = blocks.RichTextBlock(features=RICH_TEXT, label=_("Ответ"))

    class Meta:
        icon = "help"
        label = _("Вопрос и ответ")
        template = "program_pages/blocks/question.html"
        preview_value = {
            "question": "Можно ли сменить уровень?",
            "answer": "<p>Да, уровень компания выбирает сама.</p>",
        }
        description = _("Вопрос, ответ на который раскрывается по нажатию")


class NoticeBlock(blocks.StructBlock):
    """A remark that must not be missed."""

    text = blocks.RichTextBlock(features=["bold", "italic", "link"], label=_("Текст"))

    class Meta:
        icon = "warning"
        label = _("Важно")
        template = "program_pages/blocks/notice.html"
        preview_value = {"text": "<p>Участие действует до 31 декабря.</p>"}
        description = _("Выделенное замечание")


class LinkBlock(blocks.StructBlock):
    """A call to go on to another page or site."""

    label = blocks.CharBlock(label=_("Надпись"))
    page = blocks.PageChooserBlock(required=False, label=_("Страница"))
    url = blocks.URLBlock(required=False, label=_("или адрес"))

    class Meta:
        icon = "link"
        label = _("Ссылка-кнопка")
        template = "program_pages/blocks/link.html"
        preview_value = {"label": "Как присоединиться", "url": "https://www.asoft.ru/"}
        description = _("Кнопка, ведущая на страницу сайта или другой сайт")


class LevelsBlock(blocks.StaticBlock):
    """The levels side by side with the numbers in force."""

    class Meta:
        icon = "group"
        label = _("Уровни участия")
        admin_text = _("Карточки уровней с числами действующей редакции.")
        template = "program_pages/blocks/levels.html"
        description = _("Все уровни рядом; числа берутся из условий")


class BonusesBlock(blocks.StaticBlock):
    """The bonus table of the edition in force."""

    class Meta:
        icon = "plus"
        label = _("Таблица бонусов")
        admin_text = _("Бонусы действующей редакции.")
        template = "program_pages/blocks/bonuses.html"
        description = _("Бонусы по уровням; числа берутся из условий")


class BodyBlock(blocks.StreamBlock):
    """What the body of a page may hold."""

    heading = HeadingBlock()
    text = TextBlock(features=RICH_TEXT)
    notice = NoticeBlock()
    steps = blocks.ListBlock(
        StepBlock(),
        label=_("Шаги"),
        icon="list-ol",
        template="program_pages/blocks/steps.html",
        description=_("Несколько шагов по порядку"),
        preview_value=[{"title": "Зарегистрируйтесь", "text": "В партнёрском разделе сайта."}],
    )
    questions = blocks.ListBlock(
        QuestionBlock(),
        label=_("Вопросы и ответы"),
        icon="help",
        template="program_pages/blocks/questions.html",
        description=_("Список раскрывающихся ответов"),
        preview_value=[{"question": "Можно ли сменить уровень?", "answer": "<p>Да.</p>"}],
    )
    figure = FigureBlock()
    quotation = QuoteBlock()
    link = LinkBlock()
    levels = LevelsBlock()
    bonuses = BonusesBlock()
