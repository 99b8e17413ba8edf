from django.urls import path

from portal.foundation.files import views

app_name = "files"
urlpatterns = [path("<uuid:file_id>/", views.FileDownload.as_view(), name="download")]
