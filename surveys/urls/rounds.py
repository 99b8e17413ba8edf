"""The survey: for whoever answers, for the team, and its results for everybody."""

from django.urls import path

from surveys.views import answering, helping, invitations, kiosks, papers, results, rounds

urlpatterns = [
    path("encuesta/", answering.CodeView.as_view(), name="code"),
    path("encuesta/gracias/", answering.AnsweredView.as_view(), name="answered"),
    path("encuesta/pantalla/", kiosks.Kiosk.as_view(), name="kiosk"),
    path("encuesta/pantalla/abrir/<str:key>/", kiosks.KioskOpen.as_view(), name="kiosk_open"),
    path("encuesta/pantalla/responder/", kiosks.KioskAnswer.as_view(), name="kiosk_answer"),
    path("encuesta/pantalla/papel/<slug:code>/", kiosks.KioskSlip.as_view(), name="kiosk_slip"),
    path("encuesta/pantalla/gracias/", kiosks.KioskThanks.as_view(), name="kiosk_thanks"),
    path("encuesta/no/<slug:code>/", invitations.OptOutView.as_view(), name="opt_out"),
    path("encuesta/<slug:code>/", answering.StartView.as_view(), name="answer"),
    path("encuesta/<slug:code>/responder/", answering.AnswerView.as_view(), name="answer_page"),
    path("encuestas/", rounds.RoundList.as_view(), name="round_list"),
    path("encuestas/planificar/", rounds.RoundPlan.as_view(), name="round_plan"),
    path("encuestas/cuestionarios/<int:pk>/", rounds.InstrumentShow.as_view(), name="instrument"),
    path("encuestas/resultados/<slug:slug>/", results.LatestResultsView.as_view(), name="latest_results"),
    path("encuestas/resultados/<slug:slug>/<int:year>/", results.PublicResultsView.as_view(), name="public_results"),
    path(
        "encuestas/resultados/<slug:slug>/<int:year>/datos.csv",
        results.PublicResultsCsv.as_view(),
        name="public_results_csv",
    ),
    path("encuestas/<int:pk>/", rounds.RoundShow.as_view(), name="round"),
    path("encuestas/<int:pk>/abrir/", rounds.RoundOpen.as_view(), name="round_open"),
    path("encuestas/<int:pk>/cerrar/", rounds.RoundClose.as_view(), name="round_close"),
    path("encuestas/<int:pk>/suspender/", rounds.RoundCallOff.as_view(), name="round_call_off"),
    path("encuestas/<int:pk>/papeletas/", rounds.RoundSlips.as_view(), name="round_slips"),
    path("encuestas/<int:pk>/resultados/", rounds.RoundResults.as_view(), name="round_results"),
    path("encuestas/<int:pk>/invitaciones/", invitations.InvitationsShow.as_view(), name="invitations"),
    path("encuestas/<int:pk>/invitaciones/lista/", invitations.ContactsAdd.as_view(), name="contacts_add"),
    path("encuestas/<int:pk>/invitaciones/registro/", invitations.ContactsKnown.as_view(), name="contacts_known"),
    path("encuestas/<int:pk>/invitaciones/enviar/", invitations.InvitationsSend.as_view(), name="invitations_send"),
    path("encuestas/<int:pk>/invitaciones/recordar/", invitations.RemindersSend.as_view(), name="reminders_send"),
    path("encuestas/ayudar/", helping.HelpList.as_view(), name="help_list"),
    path("encuestas/<int:pk>/ayudar/", helping.AssistView.as_view(), name="assist"),
    path("encuestas/<int:pk>/pantallas/", helping.ScreenAdd.as_view(), name="screen_add"),
    path("encuestas/pantallas/<int:pk>/quitar/", helping.ScreenRemove.as_view(), name="screen_remove"),
    path("encuestas/<int:pk>/papeles/", papers.PaperType.as_view(), name="papers"),
    path("encuestas/<int:pk>/papeles/imprimir/", papers.PaperPrint.as_view(), name="paper_print"),
    path("encuestas/papeles/<int:pk>/", papers.PaperDecide.as_view(), name="paper_decide"),
    path("encuestas/papeles/<int:pk>/descartar/", papers.PaperDiscard.as_view(), name="paper_discard"),
]
