"""The addresses of rehearsals in the admin, below ``/admin/impacts/``."""

from __future__ import annotations

from django.urls import URLPattern, path

from partner_directory.viewsets.impacts import ImpactReport, ProgressView, ResumeView, StartView
from partner_directory.viewsets.what_if import WhatIfTotalsView, WhatIfView

urlpatterns: list[URLPattern] = [
    path("start/<int:pk>/", StartView.as_view(), name="start"),
    path("<int:pk>/", ImpactReport.as_view(), name="report"),
    path("<int:pk>/results/", ImpactReport.as_view(results_only=True), name="results"),
    path("<int:pk>/resume/", ResumeView.as_view(), name="resume"),
    path("<int:pk>/progress/", ProgressView.as_view(), name="progress"),
    path("<int:pk>/what-if/", WhatIfView.as_view(), name="what_if"),
    path("<int:pk>/what-if/totals/", WhatIfTotalsView.as_view(), name="what_if_totals"),
]
