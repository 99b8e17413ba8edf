"""The register of attentions, its figures, and what a municipality sets for it."""

from django.urls import path

from benefits_core.views import attentions, contacts, queue_imports, service_points, statistics

urlpatterns = [
    path("atenciones/", attentions.StartView.as_view(), name="attention_start"),
    path("atenciones/numero/<int:pk>/", attentions.ShowView.as_view(), name="attention"),
    path("atenciones/numero/<int:pk>/terminar/", attentions.FinishView.as_view(), name="attention_finish"),
    path("atenciones/numero/<int:pk>/corregir/", attentions.CorrectView.as_view(), name="attention_correct"),
    path("atenciones/numero/<int:pk>/anular/", attentions.VoidView.as_view(), name="attention_void"),
    path("atenciones/copia/<uuid:export_id>/", statistics.ExportShow.as_view(), name="attention_export"),
    path(
        "atenciones/copia/<uuid:export_id>/descargar/",
        statistics.ExportDownload.as_view(),
        name="attention_export_download",
    ),
    path("atenciones/archivo/<uuid:import_id>/", queue_imports.ImportShow.as_view(), name="import"),
    path("atenciones/archivo/<uuid:import_id>/columnas/", queue_imports.ChooseColumns.as_view(), name="import_columns"),
    path("atenciones/archivo/<uuid:import_id>/valores/", queue_imports.ChooseValues.as_view(), name="import_values"),
    path("atenciones/archivo/<uuid:import_id>/registrar/", queue_imports.RunImport.as_view(), name="import_run"),
    path("atenciones/archivo/<uuid:import_id>/deshacer/", queue_imports.UndoImport.as_view(), name="import_undo"),
    path(
        "atenciones/archivo/<uuid:import_id>/descartar/", queue_imports.DiscardImport.as_view(), name="import_discard"
    ),
    path(
        "atenciones/archivo/<uuid:import_id>/rechazadas.csv",
        queue_imports.RejectedRows.as_view(),
        name="import_rejected",
    ),
    path("atenciones/<slug:slug>/", attentions.ListView.as_view(), name="attention_list"),
    path("atenciones/<slug:slug>/registrar/", attentions.RecordView.as_view(), name="attention_record"),
    path("atenciones/<slug:slug>/historia/", contacts.HistorySearch.as_view(), name="history"),
    path("atenciones/<slug:slug>/historia/contactos/", contacts.HistoryShow.as_view(), name="history_show"),
    path("atenciones/<slug:slug>/historia/terminar/", contacts.HistoryClose.as_view(), name="history_close"),
    path("atenciones/<slug:slug>/dia/", attentions.DayView.as_view(), name="attention_day"),
    path("atenciones/<slug:slug>/copiar/", statistics.RequestExport.as_view(), name="attention_request_export"),
    path("atenciones/<slug:slug>/estadisticas/", statistics.StatisticsView.as_view(), name="attention_statistics"),
    path("atenciones/<slug:slug>/estadisticas.csv", statistics.StatisticsCsv.as_view(), name="attention_csv"),
    path("atenciones/<slug:slug>/archivos/", queue_imports.ImportList.as_view(), name="imports"),
    path("atenciones/<slug:slug>/archivos/nuevo/", queue_imports.Upload.as_view(), name="import_upload"),
    path("atenciones/<slug:slug>/puntos/", service_points.ServicePointList.as_view(), name="service_points"),
    path("atenciones/<slug:slug>/puntos/nuevo/", service_points.AddServicePoint.as_view(), name="service_point_add"),
    path(
        "atenciones/<slug:slug>/puntos/<int:pk>/cambiar/",
        service_points.ChangeServicePoint.as_view(),
        name="service_point_change",
    ),
    path(
        "atenciones/<slug:slug>/puntos/<int:pk>/horario/",
        service_points.SetHours.as_view(),
        name="service_point_hours",
    ),
    path(
        "atenciones/<slug:slug>/puntos/<int:pk>/cerrar/",
        service_points.CloseServicePoint.as_view(),
        name="service_point_close",
    ),
    path(
        "atenciones/<slug:slug>/puntos/<int:pk>/abrir/",
        service_points.ReopenServicePoint.as_view(),
        name="service_point_reopen",
    ),
    path("atenciones/<slug:slug>/materias/", service_points.MatterList.as_view(), name="matters"),
    path("atenciones/<slug:slug>/materias/nueva/", service_points.AddMatter.as_view(), name="matter_add"),
    path(
        "atenciones/<slug:slug>/materias/<int:pk>/cambiar/",
        service_points.ChangeMatter.as_view(),
        name="matter_change",
    ),
    path(
        "atenciones/<slug:slug>/materias/<int:pk>/ofrecer/",
        service_points.SwitchMatter.as_view(),
        name="matter_switch",
    ),
    path("atenciones/<slug:slug>/espera/", service_points.PromiseList.as_view(), name="wait_promises"),
    path("atenciones/<slug:slug>/espera/nueva/", service_points.PromiseWait.as_view(), name="wait_promise_add"),
]
