"""Open data and the interface for other applications: pages for people."""

from django.urls import path

from surveys.views import open311

urlpatterns = [
    path("datos/open311/", open311.Open311Show.as_view(), name="open311"),
    path("datos/open311/puntos.csv", open311.ServicePointsView.as_view(), name="service_points"),
    path("datos/open311/llaves/", open311.ApiKeyListView.as_view(), name="api_keys"),
    path("datos/open311/llaves/nueva/", open311.IssueKeyView.as_view(), name="api_key_issue"),
    path("datos/open311/llaves/<int:pk>/revocar/", open311.RevokeKeyView.as_view(), name="api_key_revoke"),
    path("reclamos/<int:pk>/texto-publico/", open311.PublicTextView.as_view(), name="complaint_public_text"),
    path("reclamos/<int:pk>/texto-publico/retirar/", open311.WithdrawTextView.as_view(), name="complaint_text_back"),
]
