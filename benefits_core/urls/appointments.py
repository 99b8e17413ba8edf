"""Appointments: for everybody, by the receipt, and the agenda of the team."""

from django.urls import path

from benefits_core.views import agendas, booking

urlpatterns = [
    path("hora/", booking.BookStart.as_view(), name="book_start"),
    path("hora/lista/", booking.BookedView.as_view(), name="booked"),
    path("hora/terminar/", booking.LeaveView.as_view(), name="book_leave"),
    path("hora/mia/", booking.OwnShow.as_view(), name="own_appointment"),
    path("hora/mia/mover/", booking.OwnMove.as_view(), name="own_move"),
    path("hora/mia/anular/", booking.OwnCancel.as_view(), name="own_cancel"),
    path("hora/en/<slug:slug>/", booking.BookPlace.as_view(), name="book_place"),
    path("hora/en/<slug:slug>/<int:pk>/<str:moment>/", booking.BookView.as_view(), name="book"),
    path("atenciones/hora/<int:pk>/", agendas.DoWithAppointment.as_view(), name="appointment_do"),
    path("atenciones/hora/<int:pk>/papel/", agendas.Slip.as_view(), name="appointment_slip"),
    path("atenciones/hora/<int:pk>/anular/", agendas.CancelAppointment.as_view(), name="appointment_cancel"),
    path("atenciones/<slug:slug>/agenda/", agendas.DayAgenda.as_view(), name="agenda"),
    path("atenciones/<slug:slug>/agenda/<int:pk>/<str:moment>/", agendas.ClerkBook.as_view(), name="agenda_book"),
    path("atenciones/<slug:slug>/horas/", agendas.Rules.as_view(), name="agenda_rules"),
    path("atenciones/<slug:slug>/horas/<int:pk>/agregar/", agendas.AddRule.as_view(), name="agenda_rule_add"),
    path("atenciones/<slug:slug>/horas/<int:pk>/terminar/", agendas.EndRule.as_view(), name="agenda_rule_end"),
    path("atenciones/<slug:slug>/horas/<int:pk>/cerrar/", agendas.CloseDay.as_view(), name="agenda_close_day"),
    path("atenciones/<slug:slug>/horas/<int:pk>/cupos/", agendas.AddSlots.as_view(), name="agenda_add_slots"),
    path("atenciones/<slug:slug>/horas/<int:pk>/quitar/", agendas.RemoveException.as_view(), name="agenda_remove"),
]
