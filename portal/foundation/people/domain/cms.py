"""The content system's groups follow the roles: nobody is put into one by hand."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import Group

from portal.foundation.people.models import User
from portal.foundation.people.roles import Role

# Wagtail's own two groups: editors write drafts, moderators also publish.
CMS_GROUPS = {Role.EDITOR: "Editors", Role.NATIONAL_TEAM: "Moderators"}


def synchronize_cms_groups(*, user: User, on: date) -> None:
    """Put ``user`` into exactly the groups that the roles in force on that day give.

    Called by every verb that changes a role and at each sign-in, since roles also begin and end by date.
    """
    roles = set(user.role_assignments.in_force(on).values_list("role", flat=True)) if user.is_active else set()
    due = {name for role, name in CMS_GROUPS.items() if role in roles}
    ours = set(CMS_GROUPS.values())
    held = set(user.groups.filter(name__in=ours).values_list("name", flat=True))
    if held - due:
        user.groups.remove(*Group.objects.filter(name__in=held - due))
    for name in sorted(due - held):
        user.groups.add(Group.objects.get_or_create(name=name)[0])
