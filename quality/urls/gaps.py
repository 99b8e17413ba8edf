"""Gaps of a municipality."""

from django.urls import path

from quality.views import gaps as views

_REPORT = "brechas/<int:year>/<slug:municipality>/"

urlpatterns = [
    path("brechas/", views.GapList.as_view(), name="gap_list"),
    path(_REPORT, views.GapReportView.as_view(), name="gap_report"),
    path(f"{_REPORT}brechas.csv", views.GapCsv.as_view(), name="gap_csv"),
    path(f"{_REPORT}brechas.xlsx", views.GapSpreadsheet.as_view(), name="gap_xlsx"),
    path(f"{_REPORT}informe/", views.GapDocument.as_view(), name="gap_document"),
    path(f"{_REPORT}calculo/", views.GapTraceView.as_view(), name="gap_trace"),
]
