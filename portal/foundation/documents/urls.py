from django.urls import path

from portal.foundation.documents import views

app_name = "documents"
urlpatterns = [
    path("<uuid:document_id>/", views.DocumentShow.as_view(), name="show"),
    path("<uuid:document_id>/archivo/", views.DocumentDownload.as_view(), name="download"),
]
