"""A municipality's own terms in national procedures."""

from django.urls import path

from benefits_core.views import terms as views

urlpatterns = [
    path("gestion/plazos/", views.TermsList.as_view(), name="terms_list"),
    path("gestion/plazos/plazos.csv", views.TermsCsv.as_view(), name="terms_csv"),
    path("gestion/plazos/plazos.xlsx", views.TermsSpreadsheet.as_view(), name="terms_xlsx"),
    path("gestion/tramites/<slug:key>/plazos/<int:municipality_id>/", views.OpenTerms.as_view(), name="terms_open"),
    path("gestion/plazos/<int:pk>/", views.TermsShow.as_view(), name="terms"),
    path("gestion/plazos/<int:pk>/cambiar/", views.EditTerms.as_view(), name="terms_edit"),
    path("gestion/plazos/<int:pk>/proponer/", views.ProposeTerms.as_view(), name="terms_propose"),
    path("gestion/plazos/<int:pk>/devolver/", views.ReturnTerms.as_view(), name="terms_return"),
    path("gestion/plazos/<int:pk>/publicar/", views.PublishTerms.as_view(), name="terms_publish"),
    path("gestion/plazos/<int:pk>/terminar/", views.EndTerms.as_view(), name="terms_end"),
    path("gestion/plazos/<int:pk>/desechar/", views.DiscardTerms.as_view(), name="terms_discard"),
]
