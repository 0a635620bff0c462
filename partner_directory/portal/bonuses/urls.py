"""The addresses of this part of the section; each view is one of ``portal.access``."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from partner_directory.portal.bonuses import bonuses, calculator, conditions, plans, sales

urlpatterns: list[URLPattern | URLResolver] = [
    path("sales/", sales.sales, name="sales"),
    path("sales/new/", sales.new_sale, name="new_sale"),
    path("plans/", plans.plans, name="plans"),
    path("plans/new/", plans.new_plan, name="new_plan"),
    path("plans/<int:pk>/agree/", plans.agree, name="agree_plan"),
    path("plans/<int:pk>/cancel/", plans.cancel, name="cancel_plan"),
    path("bonuses/", bonuses.bonuses, name="bonuses"),
    path("bonuses/<int:pk>/", bonuses.bonus, name="bonus"),
    path("bonuses/ask/<int:pk>/", bonuses.ask, name="ask_bonus"),
    path("bonuses/statement/", bonuses.statement, name="statement"),
    path("bonuses/spend/", bonuses.spend, name="spend_bonus"),
    path("conditions/", conditions.conditions, name="conditions"),
    path("calculator/", calculator.calculator, name="calculator"),
    re_path(r"^calculator/(?P<kind>pdf|csv|text)/$", calculator.paper, name="calculator_paper"),
]
