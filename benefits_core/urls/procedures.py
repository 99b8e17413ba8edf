"""Procedures: the pages for everybody."""

from django.urls import path

from benefits_core.views import exchange
from benefits_core.views import procedures as views

urlpatterns = [
    path("tramites/", views.ProcedureList.as_view(), name="procedures"),
    path("tramites/<slug:key>/", views.ProcedureShow.as_view(), name="procedure"),
    path("tramites/<slug:key>/versiones/", views.HistoryShow.as_view(), name="procedure_history"),
    path("tramites/<slug:key>/<int:number>/", views.VersionShow.as_view(), name="procedure_version"),
    path("tramites/<slug:key>/<int:number>/cambios/", views.ChangesShow.as_view(), name="procedure_changes"),
    path("tramites/<slug:key>/<int:number>/tramite.json", exchange.ProcedureJson.as_view(), name="procedure_json"),
    path("tramites/<slug:key>/<int:number>/tramite.yaml", exchange.ProcedureYaml.as_view(), name="procedure_yaml"),
    path("tramites/<slug:key>/<int:number>/pdf/", exchange.ProcedureSheet.as_view(), name="procedure_pdf"),
    path("tramites/<slug:key>/<int:number>/pasos/<slug:step_key>/", views.StepShow.as_view(), name="step"),
]
