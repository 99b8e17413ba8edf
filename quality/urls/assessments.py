"""The self-diagnosis: answering, submitting, reviewing."""

from django.urls import path

from quality.views import answers, assessments, reviews, submissions

urlpatterns = [
    path("autodiagnostico/", assessments.StartView.as_view(), name="assessment_start"),
    path("autodiagnostico/municipalidades/", assessments.ListView.as_view(), name="assessment_list"),
    path("autodiagnostico/abrir/<int:pk>/", assessments.OpenView.as_view(), name="assessment_open"),
    path("autodiagnostico/<int:pk>/", assessments.ShowView.as_view(), name="assessment_show"),
    path("autodiagnostico/<int:pk>/versiones/", assessments.VersionsView.as_view(), name="assessment_versions"),
    path("autodiagnostico/<int:pk>/informe/", assessments.ReportView.as_view(), name="assessment_report"),
    path("autodiagnostico/<int:pk>/planilla.xlsx", assessments.SheetView.as_view(), name="assessment_xlsx"),
    path("autodiagnostico/<int:pk>/tareas/", answers.TasksView.as_view(), name="assessment_tasks"),
    path("autodiagnostico/<int:pk>/estandar/<str:code>/", answers.AnswerView.as_view(), name="assessment_answer"),
    path(
        "autodiagnostico/<int:pk>/estandar/<str:code>/historial/",
        answers.HistoryView.as_view(),
        name="assessment_history",
    ),
    path(
        "autodiagnostico/<int:pk>/antecedentes/<int:evidence_id>/quitar/",
        answers.RemoveEvidenceView.as_view(),
        name="assessment_remove_evidence",
    ),
    path("autodiagnostico/<int:pk>/contexto/", answers.ContextView.as_view(), name="assessment_context"),
    path("autodiagnostico/<int:pk>/participantes/", answers.ParticipantsView.as_view(), name="assessment_participants"),
    path(
        "autodiagnostico/<int:pk>/participantes/<int:participant_id>/quitar/",
        answers.RemoveParticipantView.as_view(),
        name="assessment_remove_participant",
    ),
    path("autodiagnostico/<int:pk>/comprobar/", submissions.CheckView.as_view(), name="assessment_check"),
    path("autodiagnostico/<int:pk>/enviar/", submissions.SubmitView.as_view(), name="assessment_submit"),
    path("autodiagnostico/<int:pk>/enviado/", submissions.SubmittedView.as_view(), name="assessment_submitted"),
    path("autodiagnostico/<int:pk>/corregir/", submissions.CorrectView.as_view(), name="assessment_correct"),
    path("autodiagnostico/<int:pk>/revision/", reviews.ReviewView.as_view(), name="assessment_review"),
    path(
        "autodiagnostico/<int:pk>/revision/terminar/",
        reviews.FinishReviewView.as_view(),
        name="assessment_finish_review",
    ),
    path(
        "autodiagnostico/<int:pk>/revision/componente/<str:code>/",
        reviews.ReviewComponentView.as_view(),
        name="assessment_review_component",
    ),
    path(
        "autodiagnostico/<int:pk>/revision/<str:code>/",
        reviews.NotApplicableView.as_view(),
        name="assessment_not_applicable",
    ),
    path("autodiagnostico/<int:pk>/devolver/", reviews.ReturnView.as_view(), name="assessment_return"),
]
