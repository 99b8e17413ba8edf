"""Who may open the pages of packages that are not ours: declared here, since they have no ``policy``.

The packages check for themselves; a test walks every URL and holds that they do what is said here,
and that no URL of theirs is missing from this table.
"""

from __future__ import annotations

from typing import Any

from portal.foundation.people.access import PUBLIC, SIGNED_IN, Policy
from portal.foundation.people.roles import Role


def is_superuser(user: Any, _subject: Any) -> bool:
    return user.is_superuser


def works_in_the_cms(user: Any, _subject: Any) -> bool:
    return user.is_superuser or user.scope.has(Role.EDITOR, Role.NATIONAL_TEAM)


EDITORS = Policy(rule=works_in_the_cms)
SUPERUSERS = Policy(rule=is_superuser)

# By the URL's name: the pages of /cuenta/ (see ``account_urls``), and what of Wagtail is public.
BY_NAME: dict[str, Policy] = {
    "account_login": PUBLIC,
    "account_signup": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_authenticate": PUBLIC,  # between password and code: opens only while a sign-in is under way
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "wagtailadmin_sprite": PUBLIC,  # icons and words of the editor's own interface
    "wagtailadmin_javascript_catalog": PUBLIC,
    "admin:logout": PUBLIC,
    "wagtailcore_authenticate_with_password": PUBLIC,
    "wagtailcore_login": PUBLIC,  # never reached: our redirect stands before it
    "wagtail_serve": PUBLIC,
}

# By the beginning of the route, for the two areas that belong to one package each.
BY_ROUTE: dict[str, Policy] = {"cms/": EDITORS, "django-admin/": SUPERUSERS}


def policy_for(name: str, route: str) -> Policy | None:
    """The declared policy of a URL of another package, or None."""
    if name in BY_NAME:
        return BY_NAME[name]
    return next((policy for prefix, policy in BY_ROUTE.items() if route.startswith(prefix)), None)
