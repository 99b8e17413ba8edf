"""The style guide: every component on one page, for those who build and test the screens."""

from django.urls import path

from portal.foundation.ui import views

app_name = "ui"

urlpatterns = [path("estilo/", views.StyleGuideView.as_view(), name="style_guide")]
