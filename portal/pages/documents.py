"""The A3 panel: one municipality's year on one sheet for the wall of its office.

Read from two metres, by somebody who waits: the number, the improvements, what changed, and how to read the
rest. Each list has a limit, and says how many more there are, so that it never runs to a second sheet.
"""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from plans.enums import ActionState
from plans.models import Action
from portal.foundation.cycles.models import Participation
from portal.foundation.documents.qr import qr_svg
from portal.foundation.documents.registry import DocumentKind
from portal.pages.models import PANEL, MunicipalitiesPage
from portal.pages.queries.changes import Change, StandardChange
from portal.pages.queries.municipalities import PublicPlan, PublicProfile, StandardRow, public_profile
from quality.enums import Origin

MOST_IMPROVEMENTS, MOST_RISEN, MOST_FALLEN, MOST_MISSING = 6, 4, 2, 6
LONGEST_TITLE, LONGEST_NAME = 56, 44


def panel_data(participation: Participation, language: str) -> dict[str, Any]:
    """What ``panel.typ`` takes, in the active language."""
    municipality = participation.municipality
    cycle = participation.cycle
    # The last day of the cycle: a printed panel does not invite to comment.
    profile = public_profile(municipality, today=cycle.ends_on, year=cycle.year)
    address = MunicipalitiesPage.address_of(municipality, language)
    return {
        "title": _("Municipality of %(name)s") % {"name": municipality.name},
        "subtitle": _("How we serve you at the Social Household Registry, %(year)s") % {"year": cycle.year},
        "is_demo": cycle.is_demo,
        **_headline(profile),
        "subjects": _subjects(profile),
        "doing": _doing(profile.plan),
        "changes": _changes(profile.change),
        "missing": _missing(profile),
        "invitation": _("Read it whole:"),
        "address": address,
        "address_words": address.partition("://")[2].rstrip("/"),
        "qr_alt": _("Code that opens %(address)s") % {"address": address},
        "images": {"qr.svg": qr_svg(address)} if address else {},
        "date": _("Levels up to %(day)s.") % {"day": date_format(profile.updated_on)} if profile.updated_on else "",
        "status_words": _status(profile),
    }


def _headline(profile: PublicProfile) -> dict[str, str]:
    if not profile.has_levels:
        return {"headline": "–", "headline_of": "", "headline_words": _("There is no diagnosis yet."), "since": ""}
    change = profile.change
    return {
        "headline": str(profile.met),
        "headline_of": _("of %(applicable)s") % {"applicable": profile.applicable},
        "headline_words": _("quality standards met."),
        "since": _("In %(since)s: %(before)s of %(compared)s.")
        % {"since": change.since, "before": change.reduction.met_before, "compared": change.reduction.compared}
        if change and change.is_verified
        else "",
    }


def _subjects(profile: PublicProfile) -> dict[str, Any]:
    return {
        "heading": _("By subject"),
        "note": "",
        "more": "",
        "rows": [
            {"name": row.name, "met": row.met, "whole": row.applicable, "count": f"{row.met} {row.unit}"}
            for row in profile.components
        ],
    }


def _doing(shown: PublicPlan | None) -> dict[str, Any]:
    if shown is None:
        return _list(_("What we are doing"), note=_("There is no published plan for this year yet."))
    return _list(
        _("What we are doing") if shown.is_signed else _("What we propose to do"),
        rows=[_improvement(action, shown) for action in shown.actions[:MOST_IMPROVEMENTS]],
        left=len(shown.actions) - MOST_IMPROVEMENTS,
        note="" if shown.is_signed else _("This plan is a draft. It is not signed yet."),
    )


def _improvement(action: Action, shown: PublicPlan) -> dict[str, str]:
    until = _("until %(day)s") % {"day": date_format(action.ends_on, "YEAR_MONTH_FORMAT")}
    states = [action.get_state_display()] if shown.is_signed else []
    if action.state not in (ActionState.DONE, ActionState.VERIFIED, ActionState.CARRIED_OVER):
        states.append(until)
    state = ", ".join(map(str, states))
    return {"title": _short(action.title, LONGEST_TITLE), "state": state[:1].upper() + state[1:]}


def _changes(change: Change | None) -> dict[str, Any]:
    if change is None:
        return _list(_("What has changed"), note=_("It is the first year: there is nothing to compare with yet."))
    by_size = sorted(change.moved, key=lambda standard: -abs(standard.now - standard.before))
    risen = [standard for standard in by_size if standard.now > standard.before]
    fallen = [standard for standard in by_size if standard.now < standard.before]
    rose = ngettext("%(rose)s standard rose", "%(rose)s standards rose", len(risen)) % {"rose": len(risen)}
    fell = ngettext("%(fell)s fell.", "%(fell)s fell.", len(fallen)) % {"fell": len(fallen)}
    return _list(
        _("What has changed"),
        rows=[_step(standard) for standard in [*risen[:MOST_RISEN], *fallen[:MOST_FALLEN]]],
        left=max(len(risen) - MOST_RISEN, 0) + max(len(fallen) - MOST_FALLEN, 0),
        note=_("Since %(since)s, %(rose)s and %(fell)s") % {"since": change.since, "rose": rose, "fell": fell},
    )


def _step(standard: StandardChange) -> dict[str, str]:
    return {"name": _short(standard.name, LONGEST_NAME), "steps": f"{standard.before} → {standard.now}"}


def _missing(profile: PublicProfile) -> dict[str, Any]:
    """What is essential first, and of it what is not done at all."""
    if not profile.has_levels:
        return _list(_("What is missing"))
    if not profile.gaps:
        note = _("Nothing is missing: it meets every standard that applies to it.")
        return _list(_("What is missing"), note=note)
    gaps: list[StandardRow] = sorted(profile.gaps, key=lambda row: (not row.critical, row.current or 0))
    return _list(
        _("What is missing"),
        rows=[_short(row.name, LONGEST_NAME) for row in gaps[:MOST_MISSING]],
        left=len(gaps) - MOST_MISSING,
    )


def _list(heading: str, *, rows: list[Any] | None = None, left: int = 0, note: str = "") -> dict[str, Any]:
    more = ngettext("and %(left)s more", "and %(left)s more", left) % {"left": left} if left > 0 else ""
    return {"heading": heading, "rows": rows or [], "more": more, "note": note}


def _status(profile: PublicProfile) -> str:
    """One line; the whole story stands on the page that the code opens."""
    if all(row.origin == Origin.OFFICIAL for row in profile.rows):
        return ""
    return _("The standards are a draft, not the official list.")


def _short(text: str, longest: int) -> str:
    return Truncator(text).chars(longest)


PANEL_KIND = DocumentKind(
    key=PANEL,
    title=gettext_lazy("Public panel"),
    template="panel.typ",
    data=panel_data,
    can_read=lambda _user, _participation: True,
    file_name=lambda participation: f"panel-{participation.municipality.slug}-{participation.cycle.year}",
)
