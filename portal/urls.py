"""Every address of the site: one set of Spanish paths; other languages by prefix."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from portal.foundation.people.views.account import SignInRedirectView

urlpatterns = [
    path("cms/login/", SignInRedirectView.as_view(), name="cms_sign_in"),
    path("django-admin/login/", SignInRedirectView.as_view(), name="administration_sign_in"),
    path("open311/", include("surveys.urls.open311")),
    path("acuses/", include("portal.foundation.messages.urls")),
    path("cms/", include(wagtailadmin_urls)),
    path("django-admin/", admin.site.urls),
]

if settings.DEBUG or settings.SHOW_STYLE_GUIDE:
    urlpatterns += i18n_patterns(path("", include("portal.foundation.ui.urls")), prefix_default_language=False)

urlpatterns += i18n_patterns(
    path("cuenta/", include("portal.foundation.people.account_urls")),
    path("personas/", include("portal.foundation.people.urls")),
    path("", include("portal.foundation.people.privacy_urls")),
    path("", include("portal.dashboards.urls")),
    path("seguimiento/", include("portal.foundation.receipts.urls")),
    path("documentos/", include("portal.foundation.documents.urls")),
    path("archivos/", include("portal.foundation.files.urls")),
    path("", include("quality.urls")),
    path("", include("benefits_core.urls")),
    path("", include("surveys.urls")),
    path("", include("plans.urls")),
    path("_util/login/", SignInRedirectView.as_view(), name="pages_sign_in"),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
