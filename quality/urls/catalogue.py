"""The catalogue, open to everybody."""

from django.urls import path

from quality.views import catalogue as views

urlpatterns = [
    path("estandares/", views.StandardList.as_view(), name="catalogue"),
    path("estandares/catalogo.yaml", views.CatalogueYaml.as_view(), name="catalogue_yaml"),
    path("estandares/catalogo.xlsx", views.CatalogueSpreadsheet.as_view(), name="catalogue_xlsx"),
    path("estandares/<str:code>/", views.StandardDetail.as_view(), name="standard"),
]
