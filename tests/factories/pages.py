"""The page tree of a site."""

from portal.pages.domain import set_up_site
from portal.pages.models import HomePage


def site_pages() -> HomePage:
    """The tree of a new site, in both languages."""
    return set_up_site(address="http://testserver")
