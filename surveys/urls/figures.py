"""Figures of complaints and the quarterly review."""

from django.urls import path

from surveys.views import figures, reviews

_REVIEW = "reclamos/revision/<slug:slug>/<int:year>/<int:quarter>/"

urlpatterns = [
    path("reclamos/cifras/", figures.FiguresView.as_view(), name="figures"),
    path("reclamos/cifras/cifras.csv", figures.FiguresCsv.as_view(), name="figures_csv"),
    path("reclamos/cifras/cifras.xlsx", figures.FiguresSpreadsheet.as_view(), name="figures_xlsx"),
    path("reclamos/cifras/<slug:slug>/", figures.PublicFiguresView.as_view(), name="public_figures"),
    path("reclamos/cifras/<slug:slug>/datos.csv", figures.PublicFiguresCsv.as_view(), name="public_figures_csv"),
    path("reclamos/revision/", reviews.ReviewList.as_view(), name="review_list"),
    path(_REVIEW, reviews.ReviewShow.as_view(), name="review"),
    path(f"{_REVIEW}anotar/", reviews.ReviewWrite.as_view(), name="review_write"),
]
