"""Addresses of the improvement plan."""

from django.urls import path

from plans.views import accounts, actions, comments, drawing, plans

app_name = "plans"

urlpatterns = [
    path("plan/", plans.StartView.as_view(), name="start"),
    path("plan/abrir/<int:pk>/", plans.OpenView.as_view(), name="open"),
    path("plan/nivel-nacional/", actions.EscalatedView.as_view(), name="escalated"),
    path("plan/desde-brecha/<int:pk>/", drawing.DrawFromGapView.as_view(), name="draw_from_gap"),
    path("plan/desde-causa/<str:reference>/", drawing.DrawFromCauseView.as_view(), name="draw_from_cause"),
    path("plan/<int:pk>/", plans.PlanShow.as_view(), name="plan"),
    path("plan/<int:pk>/resumen/", plans.SummaryView.as_view(), name="summary"),
    path("plan/<int:pk>/proponer/", plans.ProposeView.as_view(), name="propose"),
    path("plan/<int:pk>/firmar/", plans.SignView.as_view(), name="sign"),
    path("plan/<int:pk>/devolver/", plans.ReturnView.as_view(), name="return"),
    path("plan/<int:pk>/nueva-version/", plans.AmendView.as_view(), name="amend"),
    path("plan/<int:pk>/desistir/", plans.DiscardView.as_view(), name="discard"),
    path("plan/<int:pk>/traer/<int:earlier>/", plans.CarryOverView.as_view(), name="carry_over"),
    path("plan/<int:pk>/pdf/", plans.PlanDocumentView.as_view(), name="pdf"),
    path("plan/<int:pk>/planilla/", plans.PlanSheetView.as_view(), name="xlsx"),
    path("plan/<int:pk>/comentarios/", comments.CommentListView.as_view(), name="comments"),
    path("plan/<int:pk>/comentarios/abrir/", comments.OpenCommentsView.as_view(), name="comments_open"),
    path("plan/<int:pk>/comentarios/cerrar/", comments.CloseCommentsView.as_view(), name="comments_close"),
    path("plan/<int:pk>/comentar/", comments.CommentView.as_view(), name="comment"),
    path("plan/<int:pk>/comentar/gracias/", comments.CommentSentView.as_view(), name="comment_sent"),
    path("plan/comentario/<int:pk>/publicar/", comments.PublishCommentView.as_view(), name="comment_publish"),
    path("plan/comentario/<int:pk>/ocultar/", comments.HideCommentView.as_view(), name="comment_hide"),
    path("plan/comentario/<int:pk>/responder/", comments.AnswerCommentView.as_view(), name="comment_answer"),
    path("plan/<int:pk>/lineas/", actions.SourcesView.as_view(), name="sources"),
    path("plan/<int:pk>/lineas/nueva/", actions.AddActionView.as_view(), name="action_add"),
    path("plan/linea/<int:pk>/", actions.ActionShow.as_view(), name="action"),
    path("plan/linea/<int:pk>/cambiar/", actions.EditActionView.as_view(), name="action_edit"),
    path("plan/linea/<int:pk>/quitar/", actions.RemoveActionView.as_view(), name="action_remove"),
    path("plan/linea/<int:pk>/comenzar/", actions.StartActionView.as_view(), name="action_start"),
    path("plan/linea/<int:pk>/avance/", actions.ReportProgressView.as_view(), name="action_progress"),
    path("plan/linea/<int:pk>/evidencia/", actions.AddEvidenceView.as_view(), name="evidence_add"),
    path("plan/linea/<int:pk>/terminar/", actions.FinishActionView.as_view(), name="action_finish"),
    path("plan/linea/<int:pk>/verificar/", actions.VerifyActionView.as_view(), name="action_verify"),
    path("plan/linea/<int:pk>/efecto/", actions.CheckEffectView.as_view(), name="action_effect"),
    path("plan/linea/<int:pk>/dejar/", actions.DeferActionView.as_view(), name="action_defer"),
    path("plan/linea/<int:pk>/pdf/", actions.ActionDocumentView.as_view(), name="action_pdf"),
    path("plan/linea/<int:pk>/hitos/nuevo/", actions.AddMilestoneView.as_view(), name="milestone_add"),
    path("plan/hito/<int:pk>/quitar/", actions.RemoveMilestoneView.as_view(), name="milestone_remove"),
    path("plan/hito/<int:pk>/cumplir/", actions.ReachMilestoneView.as_view(), name="milestone_reach"),
    path("plan/<int:pk>/informe/", accounts.ReportShow.as_view(), name="report"),
    path("plan/<int:pk>/informe/enviar/", accounts.SubmitReportView.as_view(), name="report_submit"),
    path("plan/<int:pk>/informe/pdf/", accounts.ReportDocumentView.as_view(), name="report_pdf"),
    path("plan/<int:pk>/publicaciones/nueva/", accounts.AddPublicationView.as_view(), name="publication_add"),
    path("plan/<int:pk>/cerrar/", accounts.CloseYearView.as_view(), name="close"),
]
