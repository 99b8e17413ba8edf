"""Procedures: the screens of those who write and publish them."""

from django.urls import path

from benefits_core.views import exchange, orphans, steps, versions

urlpatterns = [
    path("gestion/tramites/", versions.ManageList.as_view(), name="manage"),
    path("gestion/tramites/nuevo/", versions.CreateProcedure.as_view(), name="procedure_create"),
    path("gestion/tramites/importar/", versions.ImportProcedure.as_view(), name="procedure_import"),
    path("gestion/tramites/<slug:key>/", versions.ManageProcedure.as_view(), name="manage_procedure"),
    path("gestion/tramites/<slug:key>/borrador/", versions.OpenDraft.as_view(), name="draft_open"),
    path("gestion/tramites/<slug:key>/terminar/", versions.RetireProcedure.as_view(), name="procedure_retire"),
    path("gestion/tramite-version/<int:pk>/", versions.VersionScreenShow.as_view(), name="version"),
    path("gestion/tramite-version/<int:pk>/textos/", versions.EditVersion.as_view(), name="version_edit"),
    path("gestion/tramite-version/<int:pk>/desechar/", versions.DiscardDraft.as_view(), name="version_discard"),
    path("gestion/tramite-version/<int:pk>/revisar/", versions.CheckVersion.as_view(), name="version_check"),
    path("gestion/tramite-version/<int:pk>/entregar/", versions.HandOver.as_view(), name="version_hand_over"),
    path("gestion/tramite-version/<int:pk>/publicar/", versions.PublishVersion.as_view(), name="version_publish"),
    path("gestion/tramite-version/<int:pk>/retomar/", versions.CallBack.as_view(), name="version_call_back"),
    path("gestion/tramite-version/<int:pk>/diferencias/", versions.CompareVersions.as_view(), name="version_compare"),
    path("gestion/tramite-version/<int:pk>/tramite.json", exchange.DraftJson.as_view(), name="version_json"),
    path("gestion/tramite-version/<int:pk>/tramite.yaml", exchange.DraftYaml.as_view(), name="version_yaml"),
    path("gestion/tramite-version/<int:pk>/huerfanos/", orphans.OrphanList.as_view(), name="orphans"),
    path("gestion/tramite-version/<int:pk>/huerfanos/<int:step_pk>/", orphans.MapStep.as_view(), name="orphan_map"),
    path("gestion/tramite-correspondencia/<int:pk>/deshacer/", orphans.UndoMapping.as_view(), name="mapping_undo"),
    path("gestion/tramite-version/<int:pk>/pasos/nuevo/", steps.AddStep.as_view(), name="step_add"),
    path("gestion/tramite-paso/<int:pk>/", steps.EditStep.as_view(), name="step_edit"),
    path("gestion/tramite-paso/<int:pk>/mover/", steps.MoveStep.as_view(), name="step_move"),
    path("gestion/tramite-paso/<int:pk>/quitar/", steps.RemoveStep.as_view(), name="step_remove"),
    path("gestion/tramite-paso/<int:pk>/sigue/", steps.LinkStep.as_view(), name="step_link"),
    path("gestion/tramite-enlace/<int:pk>/quitar/", steps.RemoveLink.as_view(), name="link_remove"),
]
