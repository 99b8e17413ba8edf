from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "portal.foundation.people"
    label = "people"

    def ready(self) -> None:
        from portal.foundation.audit.domain import register_content
        from portal.foundation.people import holdings, receivers  # noqa: F401
        from portal.foundation.people.domain import assignments, copies, mail, retention  # noqa: F401
        from portal.foundation.people.models import RoleAssignment
        from portal.foundation.people.rules import can_see_accounts
        from portal.foundation.ui import navigation

        holdings.declare()
        register_content(RoleAssignment, assignments.assignment_content)
        navigation.register(navigation.NavigationItem("people", _("People"), "people:list", 90, can_see_accounts))
