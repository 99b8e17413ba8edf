"""Open311 GeoReport v2, without a language in its addresses."""

from django.urls import path, re_path

from surveys.api import open311 as api

app_name = "open311"

FORMAT = r"(?P<format>xml|json)"

urlpatterns = [
    re_path(rf"^discovery\.{FORMAT}$", api.DiscoveryView.as_view(), name="discovery"),
    re_path(rf"^v2/discovery\.{FORMAT}$", api.DiscoveryView.as_view(), name="discovery_v2"),
    path("v2/openapi.json", api.OpenApiView.as_view(), name="openapi"),
    re_path(rf"^v2/services\.{FORMAT}$", api.ServicesView.as_view(), name="services"),
    re_path(rf"^v2/services/(?P<code>[^/]{{1,40}})\.{FORMAT}$", api.DefinitionView.as_view(), name="definition"),
    re_path(rf"^v2/requests\.{FORMAT}$", api.RequestsView.as_view(), name="requests"),
    re_path(rf"^v2/requests/(?P<number>[^/]{{1,40}})\.{FORMAT}$", api.RequestView.as_view(), name="request"),
    re_path(rf"^v2/tokens/(?P<token>[^/]{{1,40}})\.{FORMAT}$", api.TokenView.as_view(), name="token"),
    path("<path:rest>", api.NotFoundView.as_view(), name="nothing"),
]
