"""Complaints and suggestions, for the team."""

from django.urls import path

from surveys.views import complaints, handling, inbox, recording, terms

urlpatterns = [
    path("reclamos/bandeja/", inbox.InboxView.as_view(), name="inbox"),
    path("reclamos/bandeja/reclamos.csv", inbox.InboxCsv.as_view(), name="inbox_csv"),
    path("reclamos/bandeja/reclamos.xlsx", inbox.InboxSpreadsheet.as_view(), name="inbox_xlsx"),
    path("reclamos/anotar/", recording.RecordView.as_view(), name="record"),
    path("reclamos/anotado/<int:pk>/", recording.RecordedView.as_view(), name="recorded"),
    path("reclamos/anotado/<int:pk>/entregado/", recording.HandedView.as_view(), name="handed"),
    path("reclamos/plazos/", terms.SettingsView.as_view(), name="terms"),
    path("reclamos/plazos/<slug:slug>/nuevos/", terms.SetTermsView.as_view(), name="set_terms"),
    path("reclamos/plantillas/<slug:slug>/nueva/", terms.AddTemplateView.as_view(), name="add_template"),
    path("reclamos/plantillas/<int:pk>/", terms.EditTemplateView.as_view(), name="edit_template"),
    path("reclamos/plantillas/<int:pk>/retirar/", terms.RetireTemplateView.as_view(), name="retire_template"),
    path("reclamos/<int:pk>/", complaints.ComplaintShow.as_view(), name="complaint"),
    path("reclamos/<int:pk>/archivo/<int:file>/", complaints.ComplaintFileView.as_view(), name="complaint_file"),
    path("reclamos/<int:pk>/quien/", complaints.WhoView.as_view(), name="complaint_who"),
    path("reclamos/<int:pk>/acuse/", handling.AcknowledgeView.as_view(), name="complaint_acknowledge"),
    path("reclamos/<int:pk>/asignar/", handling.AssignView.as_view(), name="complaint_assign"),
    path("reclamos/<int:pk>/clasificar/", handling.ClassifyView.as_view(), name="complaint_classify"),
    path("reclamos/<int:pk>/sobre-quien/", handling.SettleAboutView.as_view(), name="complaint_settle"),
    path("reclamos/<int:pk>/otro-lugar/", handling.LeadElsewhereView.as_view(), name="complaint_lead_elsewhere"),
    path("reclamos/<int:pk>/preguntar/", handling.AskView.as_view(), name="complaint_ask"),
    path("reclamos/<int:pk>/avisar/", handling.MessageView.as_view(), name="complaint_message"),
    path("reclamos/<int:pk>/nota/", handling.NoteView.as_view(), name="complaint_note"),
    path("reclamos/<int:pk>/anotar/", handling.ReplyForPersonView.as_view(), name="complaint_reply_for"),
    path("reclamos/<int:pk>/responder/", handling.AnswerView.as_view(), name="complaint_answer"),
    path("reclamos/<int:pk>/cerrar/", handling.CloseView.as_view(), name="complaint_close"),
    path("reclamos/<int:pk>/causa/", handling.CodingView.as_view(), name="complaint_code"),
    path("reclamos/<int:pk>/segunda-causa/", handling.CodeAgainView.as_view(), name="complaint_code_again"),
    path("reclamos/<int:pk>/acordar-causa/", handling.AgreeCodingView.as_view(), name="complaint_agree_coding"),
]
