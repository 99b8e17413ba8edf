"""What people see after signing in."""

from django.urls import path

from portal.dashboards.views import audit, cycles, failures, heatmap, messages, participations, tasks

app_name = "dashboards"

urlpatterns = [
    path("tareas/", tasks.TaskList.as_view(), name="tasks"),
    path("auditoria/", audit.AuditHeads.as_view(), name="audit_heads"),
    path("auditoria/registro/", audit.AuditEvents.as_view(), name="audit_events"),
    path("fallas/", failures.FailureList.as_view(), name="failures"),
    path("fallas/<uuid:job_id>/reintentar/", failures.RetryJob.as_view(), name="retry"),
    path("mensajes/", messages.MessageList.as_view(), name="message_list"),
    path("mensajes/fallidos/reintentar/", messages.RetryFailed.as_view(), name="message_retry_failed"),
    path("mensajes/<uuid:message_id>/", messages.MessageShow.as_view(), name="message_show"),
    path("mensajes/<uuid:message_id>/reintentar/", messages.RetryMessage.as_view(), name="message_retry"),
    path("ciclos/", cycles.CycleList.as_view(), name="cycle_list"),
    path("ciclos/nuevo/", cycles.CreateCycle.as_view(), name="cycle_create"),
    path("ciclos/<int:year>/", cycles.CycleShow.as_view(), name="cycle_show"),
    path("ciclos/<int:year>/cambiar/", cycles.ChangeCycle.as_view(), name="cycle_change"),
    path("ciclos/<int:year>/abrir/", cycles.OpenCycle.as_view(), name="cycle_open"),
    path("ciclos/<int:year>/cerrar/", cycles.CloseCycle.as_view(), name="cycle_close"),
    path("ciclos/<int:year>/reabrir/", cycles.ReopenCycle.as_view(), name="cycle_reopen"),
    path("ciclos/<int:year>/inscribir/", participations.Enroll.as_view(), name="cycle_enroll"),
    path("ciclos/<int:year>/inscribir-lista/", participations.EnrollMany.as_view(), name="cycle_enroll_many"),
    path("ciclos/<int:year>/copiar/", participations.CopyParticipants.as_view(), name="cycle_copy"),
    path("ciclos/participaciones/<int:pk>/", participations.ChangeStatus.as_view(), name="participation_status"),
    path("region/", heatmap.HeatmapView.as_view(), name="heatmap"),
    path("region/mapa.csv", heatmap.HeatmapCsv.as_view(), name="heatmap_csv"),
    path("region/mapa.xlsx", heatmap.HeatmapSpreadsheet.as_view(), name="heatmap_xlsx"),
    path("region/mapa.png", heatmap.HeatmapPicture.as_view(), name="heatmap_png"),
    path("region/panorama.png", heatmap.HeatmapOverview.as_view(), name="heatmap_overview"),
]
