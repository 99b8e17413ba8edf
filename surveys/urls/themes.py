"""Themes: searches, texts, themes, and what the region and the country see."""

from django.urls import path

from surveys.views import theme_naming, theme_texts, themes

urlpatterns = [
    path("temas/", themes.RunListView.as_view(), name="themes"),
    path("temas/nueva/<int:municipality_id>/", themes.StartRunView.as_view(), name="theme_start"),
    path("temas/territorio/", themes.ThemeRegionsView.as_view(), name="theme_regions"),
    path("temas/territorio/planilla/", themes.ThemeRegionsSheetView.as_view(), name="theme_regions_xlsx"),
    path("temas/<int:pk>/", themes.RunShow.as_view(), name="theme_run"),
    path("temas/<int:pk>/lectura/", theme_texts.ReadingView.as_view(), name="theme_reading"),
    path("temas/<int:pk>/leidos/", theme_texts.ReadListView.as_view(), name="theme_read_list"),
    path("temas/<int:pk>/agrupar/", themes.GroupView.as_view(), name="theme_group"),
    path("temas/<int:pk>/leer-mas/", themes.ReadMoreView.as_view(), name="theme_read_more"),
    path("temas/<int:pk>/reintentar/", themes.TryAgainView.as_view(), name="theme_try_again"),
    path("temas/<int:pk>/cerrar/", themes.CloseRunView.as_view(), name="theme_close"),
    path("temas/<int:pk>/descartar/", themes.DiscardRunView.as_view(), name="theme_discard"),
    path("temas/<int:pk>/sin-tema/", theme_texts.WithoutThemeView.as_view(), name="theme_none"),
    path("temas/<int:pk>/agregar/", theme_naming.AddThemeView.as_view(), name="theme_add"),
    path("temas/<int:pk>/planilla/", themes.RunSheetView.as_view(), name="theme_xlsx"),
    path("temas/<int:pk>/datos/", themes.RunCsvView.as_view(), name="theme_csv"),
    path("temas/texto/<int:pk>/", theme_texts.ReadAgainView.as_view(), name="theme_text"),
    path("temas/tema/<int:pk>/", theme_texts.ThemeShow.as_view(), name="theme"),
    path("temas/tema/<int:pk>/nombrar/", theme_naming.NameThemeView.as_view(), name="theme_name"),
    path("temas/tema/<int:pk>/unir/", theme_naming.MergeThemeView.as_view(), name="theme_merge"),
    path("temas/tema/<int:pk>/dividir/", theme_naming.SplitThemeView.as_view(), name="theme_split"),
    path("temas/tema/<int:pk>/rechazar/", theme_naming.RejectThemeView.as_view(), name="theme_reject"),
]
