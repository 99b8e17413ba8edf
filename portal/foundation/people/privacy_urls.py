"""One's own data, what people ask about theirs, and for how long data is kept."""

from django.urls import path

from portal.foundation.people.views import own_data, requests, retention

app_name = "privacy"
urlpatterns = [
    path("mis-datos/", own_data.Overview.as_view(), name="overview"),
    path("mis-datos/guardados/<str:key>/", own_data.HeldRows.as_view(), name="held"),
    path("mis-datos/miradas/", own_data.Looks.as_view(), name="looks"),
    path("mis-datos/copia/", own_data.RequestCopy.as_view(), name="copy_request"),
    path("mis-datos/copia/<uuid:pk>/", own_data.CopyShow.as_view(), name="copy"),
    path("mis-datos/copia/<uuid:pk>/archivo/", own_data.CopyDownload.as_view(), name="copy_download"),
    path("mis-datos/solicitudes/nueva/", own_data.OpenRequest.as_view(), name="own_request_open"),
    path("mis-datos/solicitudes/<int:pk>/", own_data.OwnRequestShow.as_view(), name="own_request"),
    path("mis-datos/solicitudes/<int:pk>/retirar/", own_data.WithdrawRequest.as_view(), name="own_request_withdraw"),
    path("datos-personales/", retention.Notice.as_view(), name="notice"),
    path("datos-personales/plazos/", retention.RetentionOverview.as_view(), name="retention"),
    path("datos-personales/plazos/aplicar/", retention.ApplyRetention.as_view(), name="retention_apply"),
    path("datos-personales/solicitudes/", requests.RequestList.as_view(), name="request_list"),
    path("datos-personales/solicitudes/<int:pk>/", requests.RequestShow.as_view(), name="request"),
    path("datos-personales/solicitudes/<int:pk>/responder/", requests.AnswerRequest.as_view(), name="request_answer"),
    path("datos-personales/solicitudes/<int:pk>/corregir/", requests.CorrectPerson.as_view(), name="request_correct"),
    path("datos-personales/solicitudes/<int:pk>/plazo/", requests.ExtendRequest.as_view(), name="request_extend"),
    path("personas/<int:pk>/solicitud/", requests.TakeRequest.as_view(), name="request_take"),
]
