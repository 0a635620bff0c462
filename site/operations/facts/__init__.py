"""The checks of the site, each with the facts that it finds: what ``state`` gathers. May not import views."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from operations.facts import engines, keys, programme, software, work
from operations.state import Check

CHECKS: tuple[Check, ...] = (
    Check(_("Версии"), software.versions, asks_database=False),
    Check(_("База данных"), software.database),
    Check(_("Реплика"), engines.replicas, asks_database=False),
    Check(_("Кэш"), engines.cache_servers, asks_database=False),
    Check(_("Файлы"), engines.places, asks_database=False),
    Check(_("Место на дисках"), engines.disks, asks_database=False),
    Check(_("Задания"), work.jobs),
    Check(_("Смена дня"), work.turn_of_day),
    Check(_("Резервная копия"), work.backup),
    Check(_("Письма"), work.letters),
    Check(_("Репетиции редакций"), work.rehearsals),
    Check(_("Условия программы"), programme.editions),
    Check(_("Ключ бейджей"), keys.badges),
    Check(_("Сертификат сайта"), keys.certificate, asks_database=False),
)
