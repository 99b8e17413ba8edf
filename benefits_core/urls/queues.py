"""Queues: kiosk and call screen by the device's key, the clerk's counter, and the coordinator's day."""

from django.urls import path

from benefits_core.views import counters, devices, queues

urlpatterns = [
    path("turnos/abrir/<str:token>/", devices.OpenDevice.as_view(), name="device_open"),
    path("turnos/totem/", devices.Kiosk.as_view(), name="kiosk"),
    path("turnos/totem/hora/", devices.KioskAnnounce.as_view(), name="kiosk_announce"),
    path("turnos/totem/<int:pk>/", devices.KioskTake.as_view(), name="kiosk_take"),
    path("turnos/totem/numero/<int:pk>/", devices.KioskTicket.as_view(), name="kiosk_ticket"),
    path("turnos/pantalla/", devices.Display.as_view(), name="display"),
    path("atenciones/turno/<int:pk>/enviar/", counters.TransferTicket.as_view(), name="ticket_transfer"),
    path("atenciones/turno/<int:pk>/quitar/", counters.WithdrawTicket.as_view(), name="ticket_withdraw"),
    path("atenciones/<slug:slug>/modulo/", counters.CounterView.as_view(), name="counter"),
    path("atenciones/<slug:slug>/fila/", queues.QueueView.as_view(), name="queue"),
    path("atenciones/<slug:slug>/puntos/<int:pk>/fila/", queues.OpenQueue.as_view(), name="queue_open"),
    path("atenciones/<slug:slug>/fila/<int:pk>/dias/", queues.QueueHistory.as_view(), name="queue_history"),
    path("atenciones/<slug:slug>/fila/<int:pk>/", queues.QueueSetup.as_view(), name="queue_setup"),
    path("atenciones/<slug:slug>/fila/<int:pk>/regla/", queues.SetRule.as_view(), name="queue_rule"),
    path("atenciones/<slug:slug>/fila/<int:pk>/partes/", queues.SwitchPart.as_view(), name="queue_switch"),
    path("atenciones/<slug:slug>/fila/<int:pk>/botones/nuevo/", queues.AddKind.as_view(), name="queue_kind_add"),
    path(
        "atenciones/<slug:slug>/fila/<int:pk>/botones/<int:kind_pk>/",
        queues.ChangeKind.as_view(),
        name="queue_kind_change",
    ),
    path("atenciones/<slug:slug>/fila/<int:pk>/modulos/nuevo/", queues.AddDesk.as_view(), name="queue_desk_add"),
    path(
        "atenciones/<slug:slug>/fila/<int:pk>/modulos/<int:desk_pk>/",
        queues.ChangeDesk.as_view(),
        name="queue_desk_change",
    ),
    path("atenciones/<slug:slug>/fila/<int:pk>/equipos/nuevo/", queues.IssueLink.as_view(), name="queue_link_issue"),
    path(
        "atenciones/<slug:slug>/fila/<int:pk>/equipos/<int:link_pk>/desconectar/",
        queues.RevokeLink.as_view(),
        name="queue_link_revoke",
    ),
]
