"""Invents a partner: names that look real, in both languages, and facts that fit its level. Knows no database.

The same seed and ordinal always make the same partner of the same ground, whatever was made before it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

Pair = tuple[str, str]  # Russian, English

MASCULINE = (
    ("Северный", "Northern"), ("Южный", "Southern"), ("Восточный", "Eastern"), ("Западный", "Western"),
    ("Новый", "New"), ("Первый", "First"), ("Второй", "Second"), ("Быстрый", "Swift"), ("Ясный", "Clear"),
    ("Точный", "Exact"), ("Верный", "True"), ("Открытый", "Open"), ("Большой", "Great"), ("Малый", "Little"),
    ("Белый", "White"), ("Синий", "Blue"), ("Зелёный", "Green"), ("Красный", "Red"), ("Серебряный", "Silver"),
    ("Золотой", "Golden"), ("Медный", "Copper"), ("Речной", "River"), ("Морской", "Marine"), ("Лесной", "Forest"),
    ("Полевой", "Field"), ("Горный", "Mountain"), ("Степной", "Steppe"), ("Городской", "City"), ("Деловой", "Business"),
    ("Умный", "Smart"), ("Тихий", "Quiet"), ("Звонкий", "Ringing"), ("Крепкий", "Sturdy"), ("Лёгкий", "Light"),
    ("Живой", "Living"), ("Цифровой", "Digital"), ("Общий", "Common"), ("Свой", "Own"), ("Добрый", "Good"),
    ("Утренний", "Morning"),
)  # fmt: skip
SUBJECTS = (
    ("Софт", "Soft"), ("Код", "Code"), ("Контур", "Contour"), ("Вектор", "Vector"), ("Модуль", "Module"),
    ("Сервис", "Service"), ("Диалог", "Dialogue"), ("Контакт", "Contact"), ("Проект", "Project"), ("Отдел", "Office"),
    ("Мост", "Bridge"), ("Берег", "Shore"), ("Маяк", "Lighthouse"), ("Ветер", "Wind"), ("Порт", "Port"),
    ("Причал", "Pier"), ("Компас", "Compass"), ("Парус", "Sail"), ("Остров", "Island"), ("Каскад", "Cascade"),
    ("Квадрат", "Square"), ("Круг", "Circle"), ("Полюс", "Pole"), ("Меридиан", "Meridian"), ("Горизонт", "Horizon"),
    ("Алгоритм", "Algorithm"), ("Процесс", "Process"), ("Расчёт", "Reckoning"), ("Учёт", "Ledger"), ("План", "Plan"),
    ("Кедр", "Cedar"), ("Клён", "Maple"), ("Сокол", "Falcon"), ("Журавль", "Crane"), ("Дом", "House"),
    ("Двор", "Yard"), ("Стандарт", "Standard"), ("Резерв", "Reserve"), ("Ресурс", "Resource"), ("Импульс", "Impulse"),
)  # fmt: skip
PREFIXES = (
    ("Техно", "Techno"), ("Инфо", "Info"), ("Софт", "Soft"), ("Дата", "Data"), ("Бизнес", "Business"), ("Про", "Pro"),
    ("Нео", "Neo"), ("Интер", "Inter"), ("Норд", "Nord"), ("Вест", "West"), ("Ост", "Ost"), ("Урал", "Ural"),
    ("Волга", "Volga"), ("Дон", "Don"), ("Кама", "Kama"), ("Обь", "Ob"), ("Сиб", "Sib"), ("Дальний", "Far"),
    ("Альфа", "Alpha"), ("Бета", "Beta"), ("Гамма", "Gamma"), ("Дельта", "Delta"), ("Вега", "Vega"), ("Орион", "Orion"),
    ("Ком", "Com"), ("Тел", "Tel"), ("Веб", "Web"), ("Нет", "Net"), ("Клиент", "Client"), ("Авто", "Auto"),
    ("Эко", "Eco"), ("Гео", "Geo"), ("Моно", "Mono"), ("Мульти", "Multi"), ("Прайм", "Prime"), ("Топ", "Top"),
    ("Ин", "In"), ("Ре", "Re"), ("Арт", "Art"), ("Лад", "Lad"),
)  # fmt: skip
ROOTS = (
    ("Логика", "Logic"), ("Система", "System"), ("Линия", "Line"), ("Практика", "Practice"), ("Сфера", "Sphere"),
    ("Среда", "Medium"), ("Точка", "Point"), ("Формула", "Formula"), ("Графика", "Graphics"), ("Механика", "Mechanics"),
    ("Тека", "Theque"), ("Цель", "Aim"), ("Связь", "Link"), ("Сеть", "Net"), ("Мера", "Measure"), ("Сила", "Force"),
    ("Матрица", "Matrix"), ("Платформа", "Platform"), ("Динамика", "Dynamics"), ("Аналитика", "Analytics"),
    ("Консалт", "Consult"), ("Интеграция", "Integration"), ("Сборка", "Assembly"), ("Опора", "Support"),
    ("Скорость", "Speed"), ("Основа", "Basis"), ("Школа", "School"), ("Верфь", "Wharf"), ("Мастер", "Master"),
    ("Альянс", "Alliance"), ("Центр", "Centre"), ("Союз", "Union"), ("Старт", "Start"), ("Тренд", "Trend"),
    ("Фокус", "Focus"), ("Баланс", "Balance"), ("Ритм", "Rhythm"), ("Тон", "Tone"), ("Взгляд", "View"), ("Шаг", "Step"),
)  # fmt: skip
ENDINGS = (
    ("", ""), ("", ""), ("", ""), ("Плюс", "Plus"), ("Про", "Pro"), ("Групп", "Group"), ("Сервис", "Service"),
    ("и партнёры", "and Partners"), ("Регион", "Region"), ("Консалтинг", "Consulting"), ("ИТ", "IT"),
)  # fmt: skip
FORMS = (("ООО", "LLC"), ("ООО", "LLC"), ("ООО", "LLC"), ("АО", "JSC"))
STREETS = (
    ("ул. Ленина", "Lenina Street"), ("ул. Мира", "Mira Street"), ("ул. Гагарина", "Gagarina Street"),
    ("ул. Садовая", "Sadovaya Street"), ("ул. Чехова", "Chekhova Street"), ("ул. Победы", "Pobedy Street"),
    ("ул. Советская", "Sovetskaya Street"), ("пр. Строителей", "Stroiteley Avenue"), ("ул. Кирова", "Kirova Street"),
    ("ул. Набережная", "Naberezhnaya Street"), ("пер. Тихий", "Tikhy Lane"), ("ул. Заводская", "Zavodskaya Street"),
)  # fmt: skip
PEOPLE = (
    ("Алексей Громов", "Alexey Gromov"), ("Ирина Белова", "Irina Belova"), ("Денис Крылов", "Denis Krylov"),
    ("Ольга Миронова", "Olga Mironova"), ("Павел Зорин", "Pavel Zorin"), ("Мария Лапина", "Maria Lapina"),
    ("Тимур Валеев", "Timur Valeev"), ("Анна Седова", "Anna Sedova"), ("Игорь Ткач", "Igor Tkach"),
    ("Елена Рогова", "Elena Rogova"), ("Сергей Дымов", "Sergey Dymov"), ("Нина Орлова", "Nina Orlova"),
)  # fmt: skip
OPENINGS: Mapping[bool, Sequence[Pair]] = {
    False: (
        ("Поставляем лицензии {product}", "We supply {product} licences"),
        ("Подбираем лицензии {product} под бюджет", "We match {product} licences to a budget"),
        ("Продаём {product} вместе с техникой для офиса", "We sell {product} together with office equipment"),
        ("{product} с оформлением поставки за два дня", "{product} with delivery arranged within two days"),
    ),
    True: (
        ("Внедряем {product} и обучаем отделы продаж", "We implement {product} and train sales teams"),
        ("Переносим клиентские базы в {product}", "We move client databases into {product}"),
        ("Дорабатываем {product} под процессы клиента", "We customise {product} to the client’s processes"),
        ("Запускаем {product} и отвечаем на вопросы после запуска", "We launch {product} and stay to answer questions"),
    ),
}
FOCUS = ("Главная отрасль — {industry}.", "Main industry: {industry}.")
ABOUT: Sequence[Pair] = (
    (
        "Компания работает с {year} года. Первый разговор — о том, как клиент продаёт сейчас.",
        "The company has worked since {year}. The first talk is about how the client sells today.",
    ),
    (
        "В команде {people} человек. Проект ведёт один руководитель от замера до сдачи.",
        "The team numbers {people}. One manager leads a project from survey to handover.",
    ),
    (
        "Начинали в {year} году с автоматизации складов, теперь занимаемся отношениями с клиентами.",
        "We began in {year} with warehouse automation; now we work on customer relationships.",
    ),
    (
        "Работаем малой группой: {people} человек, которые знают каждого клиента по имени.",
        "We are a small group of {people} who know every client by name.",
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A city and its region, with what people living there say of how likely a partner is."""

    city: int
    region: int
    code: str
    latitude: float
    longitude: float
    population: int


@dataclass(frozen=True, slots=True)
class Offer:
    """Something a partner works with: a product or an industry, by key and name."""

    key: int
    name: Pair


@dataclass(frozen=True, slots=True)
class Holding:
    """A level that a partner may hold: what it allows, and how many hold it."""

    level: int
    line: int
    services: tuple[str, ...]  # in the order of ``Service``
    weight: int


class Ground:
    """What there is to choose from."""

    def __init__(
        self,
        places: Sequence[Place],
        products: Sequence[Offer],
        industries: Sequence[Offer],
        levels: Sequence[Holding],
    ) -> None:
        self.places, self.products, self.industries, self.levels = places, products, industries, levels
        self.place_weights = list(accumulate(place.population + 1 for place in places))
        self.level_weights = list(accumulate(level.weight for level in levels))


@dataclass(frozen=True, slots=True)
class Invented:
    """A partner that does not exist; ``state`` is a kind of membership (``crowd``)."""

    ordinal: int
    name: Pair
    legal_name: Pair
    summary: Pair
    description: Pair
    founded: int
    level: Holding
    state: str
    renewed: bool
    offices: tuple[tuple[Place, Pair, float, float], ...]
    regions: frozenset[int]
    products: tuple[Offer, ...]
    industries: tuple[Offer, ...]
    services: tuple[str, ...]
    languages: tuple[str, ...]
    specialists: tuple[tuple[Pair, bool], ...]
    accepts_clients: bool


OFFICES = (1, 1, 1, 1, 2, 3)  # how many, one of these
SPECIALISTS = (0, 0, 0, 1, 2, 3)
STATES = ("active", "lapsed", "suspended")
STATE_WEIGHTS = (93, 98, 100)  # of a hundred, added up


def invent(seed: int, ordinal: int, ground: Ground) -> Invented:
    """The partner of a seed with this number."""
    draw = Random(f"{seed}/{ordinal}")  # noqa: S311 - nothing secret is drawn
    name = _name(draw)
    form = draw.choice(FORMS)
    (level,) = draw.choices(ground.levels, cum_weights=ground.level_weights)
    places = tuple(dict.fromkeys(draw.choices(ground.places, cum_weights=ground.place_weights, k=draw.choice(OFFICES))))
    products = _some(draw, ground.products, 3)
    industries = _some(draw, ground.industries, 4)
    founded = draw.randint(1996, 2022)
    return Invented(
        ordinal=ordinal,
        name=name,
        legal_name=(f"{form[0]} «{name[0]}»", f"{name[1]} {form[1]}"),
        summary=_summary(draw, level, products, industries),
        description=_description(draw, founded),
        founded=founded,
        level=level,
        state=draw.choices(STATES, cum_weights=STATE_WEIGHTS)[0],
        renewed=draw.random() < 0.4,
        offices=tuple(_office(draw, place) for place in places),
        regions=frozenset(place.region for place in places)
        | {place.region for place in draw.choices(ground.places, k=draw.choice((0, 0, 0, 1, 2)))},
        products=products,
        industries=industries,
        services=tuple(service for service in level.services if service == level.services[0] or draw.random() < 0.7),
        languages=("ru", *(code for code in ("en", "tt", "kk", "zh") if draw.random() < 0.12)),
        specialists=tuple((draw.choice(PEOPLE), draw.random() < 0.5) for _ in range(draw.choice(SPECIALISTS))),
        accepts_clients=draw.random() < 0.9,
    )


def _name(draw: Random) -> Pair:
    ending = draw.choice(ENDINGS)
    if draw.random() < 0.5:
        first, second = draw.choice(MASCULINE), draw.choice(SUBJECTS)
        words = (f"{first[0]} {second[0]}", f"{first[1]} {second[1]}")
    else:
        first, second = draw.choice(PREFIXES), draw.choice(ROOTS)
        words = (first[0] + second[0], first[1] + second[1])
    return f"{words[0]} {ending[0]}".strip(), f"{words[1]} {ending[1]}".strip()


def _some(draw: Random, offers: Sequence[Offer], most: int) -> tuple[Offer, ...]:
    """From one to ``most`` of them, in their order; none where there is nothing."""
    chosen = set(draw.sample(range(len(offers)), min(len(offers), draw.randint(1, most))))
    return tuple(offers[place] for place in sorted(chosen))


def _summary(draw: Random, level: Holding, products: Sequence[Offer], industries: Sequence[Offer]) -> Pair:
    opening = draw.choice(OPENINGS[len(level.services) > 1])
    product = products[0].name if products else ("ASoft CRM", "ASoft CRM")
    said = [text.format(product=name) for text, name in zip(opening, product, strict=True)]
    if industries:
        focus = [text.format(industry=name.lower()) for text, name in zip(FOCUS, industries[0].name, strict=True)]
        return f"{said[0]}. {focus[0]}"[:200], f"{said[1]}. {focus[1]}"[:200]
    return f"{said[0]}.", f"{said[1]}."


def _description(draw: Random, founded: int) -> Pair:
    facts = {"year": founded, "people": draw.randint(4, 90)}
    russian, english = draw.choice(ABOUT)
    return f"<p>{russian.format(**facts)}</p>", f"<p>{english.format(**facts)}</p>"


def _office(draw: Random, place: Place) -> tuple[Place, Pair, float, float]:
    """An office somewhere in the city, so that on a map they do not all stand upon each other."""
    street, house = draw.choice(STREETS), draw.randint(1, 140)
    address = (f"{street[0]}, {house}", f"{house} {street[1]}")
    return place, address, place.latitude + draw.uniform(-0.04, 0.04), place.longitude + draw.uniform(-0.06, 0.06)
