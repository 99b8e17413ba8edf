from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "portal.pages"
    label = "pages"

    def ready(self) -> None:
        from portal.foundation.documents import registry
        from portal.foundation.people.domain.cms import CMS_GROUPS
        from portal.foundation.ui import navigation
        from portal.pages.documents import PANEL_KIND
        from portal.pages.footer import footer_links

        registry.register(PANEL_KIND)
        navigation.register(
            navigation.NavigationItem(
                "pages.cms", _("Content"), "wagtailadmin_home", 70, lambda user: user.scope.has(*CMS_GROUPS)
            )
        )
        navigation.register_footer("pages", 10, footer_links)
