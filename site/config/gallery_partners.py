"""The gallery's invented partners: cards and the map, in their states.

Asks no database; what the directory would compute is written down here on purpose.
"""

from __future__ import annotations

from typing import Any

from program_pages.rules.terms import Level, Text

LONG_NAME = "Образцовое объединение внедренческих предприятий Верхневолжья и сопредельных областей"
TILES = (("A", "Образцовый край", "Обр", 1, 1, 41, 4), ("B", "Примерная область", "При", 1, 2, 7, 2))


def partners_context(levels: tuple[Level, ...]) -> dict[str, Any]:
    """What the gallery shows of partners."""
    holdings = [{"level": level} for level in levels]
    return {
        "partner_cards": [_card("Образец Плюс", "ОП", holdings[:1], accepts=True), _card(LONG_NAME, "ОО", holdings)],
        "tiles": [
            {"code": code, "name": name, "short": short, "row": row, "column": column, "count": count, "shade": shade}
            | {"chosen": code == "B", "query": f"region={code}"}
            for code, name, short, row, column, count, shade in TILES
        ],
        "ways_out": [
            {"label": "Без условия «Аренда»", "query": "region=B", "count": 7},
            {"label": "В соседнем регионе", "query": "region=A", "count": 41},
        ],
        "reference": {
            "client": Text("Завод примеров", "Sample Works"),
            "product_name": None,
            "year": 2030,
            "text": Text("Заявки обрабатываются за час вместо дня.", "Requests take an hour instead of a day."),
        },
    }


def _card(name: str, initials: str, holdings: list[dict[str, Level]], *, accepts: bool = False) -> dict[str, Any]:
    return {
        "slug": initials,
        "name": name,
        "initials": initials,
        "logo": None,
        "holdings": holdings,
        "sample_mark": "" if accepts else "образец",
        "summary": "Внедряем CRM на производстве и обучаем людей.",
        "services_text": "Поставка лицензий, внедрение, доработка",
        "facts": ["Примерск, Образцовск", "партнёр с 2029 года", "3 сертифицированных специалиста"],
        "why": [*(["берёт новых клиентов"] if accepts else []), "среди равных — жребий дня"],
    }
