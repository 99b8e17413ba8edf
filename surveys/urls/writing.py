"""Complaints and suggestions, for whoever sends them."""

from django.urls import path

from surveys.views import own, writing

urlpatterns = [
    path("reclamos/", writing.StartView.as_view(), name="start"),
    path("reclamos/escribir/", writing.BeginView.as_view(), name="begin"),
    path("reclamos/escribir/<slug:question>/", writing.QuestionView.as_view(), name="question"),
    path("reclamos/escribir/archivos/<int:pk>/quitar/", writing.RemoveFileView.as_view(), name="remove_file"),
    path("reclamos/revisar/", writing.CheckView.as_view(), name="check"),
    path("reclamos/enviar/", writing.SendView.as_view(), name="send"),
    path("reclamos/enviado/", writing.SentView.as_view(), name="sent"),
    path("reclamos/salir/", writing.LeaveView.as_view(), name="leave"),
    path("reclamos/mi-caso/", own.OwnShow.as_view(), name="own"),
    path("reclamos/mi-caso/comprobante.pdf", own.OwnReceiptPdf.as_view(), name="own_receipt"),
    path("reclamos/mi-caso/archivo/<int:pk>/", own.OwnFileView.as_view(), name="own_file"),
    path("reclamos/mi-caso/agregar/", own.OwnReplyView.as_view(), name="own_reply"),
    path("reclamos/mi-caso/calificar/", own.OwnRateView.as_view(), name="own_rate"),
    path("reclamos/mi-caso/reabrir/", own.OwnReopenView.as_view(), name="own_reopen"),
    path("reclamos/mi-caso/retirar/", own.OwnWithdrawView.as_view(), name="own_withdraw"),
    path("reclamos/mis-casos/", own.MineView.as_view(), name="mine"),
    path("reclamos/mis-casos/<int:pk>/", own.OpenMineView.as_view(), name="open_mine"),
]
