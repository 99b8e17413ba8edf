from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.foundation.ui.navigation import Link


class DashboardsConfig(AppConfig):
    name = "portal.dashboards"
    label = "dashboards"

    def ready(self) -> None:
        from portal.dashboards import rules
        from portal.dashboards.domain import reminders  # noqa: F401  registers its job's handler
        from portal.foundation.ui import navigation

        navigation.register(
            navigation.NavigationItem("dashboards.tasks", _("My tasks"), "dashboards:tasks", 10, lambda user: True)
        )
        navigation.register(
            navigation.NavigationItem("dashboards.heatmap", _("Heatmap"), "dashboards:heatmap", 60, rules.reads_heatmap)
        )
        navigation.register(
            navigation.NavigationItem("dashboards.cycles", _("Cycles"), "dashboards:cycle_list", 80, rules.reads_cycles)
        )
        navigation.register(
            navigation.NavigationItem(
                "dashboards.audit", _("Record of actions"), "dashboards:audit_events", 90, rules.reads_audit
            )
        )
        navigation.register_footer("dashboards.audit", 20, _footer_links)


def _footer_links() -> list[Link]:
    from portal.foundation.ui.navigation import Link

    return [
        Link(reverse("receipts:open"), gettext("Follow up with your code"), hint=gettext("See how your case goes.")),
        Link(reverse("privacy:notice"), gettext("Your personal data")),
        Link(reverse("dashboards:audit_heads"), gettext("How we protect the records")),
    ]
