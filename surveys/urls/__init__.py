"""Addresses of the module, one list per noun."""

from surveys.urls import complaints, figures, open_data, rounds, themes, writing

app_name = "surveys"

urlpatterns = [
    *complaints.urlpatterns,
    *figures.urlpatterns,
    *writing.urlpatterns,
    *themes.urlpatterns,
    *open_data.urlpatterns,
    *rounds.urlpatterns,
]
