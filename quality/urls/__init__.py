"""Addresses of the module, one list per noun."""

from quality.urls import assessments, catalogue, gaps

app_name = "quality"

urlpatterns = [
    *assessments.urlpatterns,
    *catalogue.urlpatterns,
    *gaps.urlpatterns,
]
