"""May I? Small predicates by role and place; what a complaint's state allows is the verbs' matter."""

from __future__ import annotations

from typing import Any

from portal.foundation.people.roles import MUNICIPAL_ROLES, STAFF_ROLES, Role
from surveys.enums import RunState
from surveys.models import AnswerTemplate, Complaint, PaperEntry, Round, SurveyScreen, Theme, ThemeRun, ThemeText

# The regional team reads what reached it; the national team, counts alone.
READERS = MUNICIPAL_ROLES | {Role.REGIONAL_TEAM}
LEADERS = frozenset({Role.COORDINATOR, Role.DIDECO, Role.REGIONAL_TEAM})
RECORDERS = MUNICIPAL_ROLES | {Role.CLERK}
SETTERS = frozenset({Role.COORDINATOR, Role.DIDECO})
STATISTICS_READERS = STAFF_ROLES

# The team reads which themes there are; whoever leads it reads the texts, too. Regions and the country
# read counts of closed searches alone.
THEME_READERS = STAFF_ROLES
THEME_LEADERS = frozenset({Role.COORDINATOR, Role.DIDECO})
THEME_WATCHERS = frozenset({Role.REGIONAL_TEAM, Role.NATIONAL_TEAM})


def reads_complaints(user: Any, _subject: Any = None) -> bool:
    """Does the entry of the main navigation concern this user?"""
    return user.scope.has(*READERS)


def can_read_complaint(user: Any, complaint: Complaint) -> bool:
    """Its own queryset says who finds it; never the person whom it is about."""
    return user.scope.has(*READERS, at=complaint.territory) and complaint.about_user_id != user.pk


def can_handle_complaint(user: Any, complaint: Complaint) -> bool:
    """Classify, ask, note, answer, code: whoever may read it."""
    return can_read_complaint(user, complaint)


def can_lead_complaint(user: Any, complaint: Complaint) -> bool:
    """Assign, settle whom it is about, lead elsewhere, agree on a coding."""
    return user.scope.has(*LEADERS, at=complaint.territory) and complaint.about_user_id != user.pk


def can_see_who_complained(user: Any, complaint: Complaint) -> bool:
    """The name: whoever looks after it, and whoever leads the municipality's team."""
    if complaint.about_user_id == user.pk:
        return False
    leads = user.scope.has(Role.COORDINATOR, Role.DIDECO, at=complaint.territory)
    return leads or (complaint.owner_id == user.pk and can_read_complaint(user, complaint))


def can_record_complaint(user: Any, _subject: Any = None) -> bool:
    """Write one down for somebody at the counter, on the telephone or in a letter."""
    return user.scope.has(*RECORDERS)


def only_records_complaints(user: Any, _subject: Any = None) -> bool:
    """Whoever writes them down and reads none has an entry of the main navigation for that."""
    return can_record_complaint(user) and not reads_complaints(user)


def only_reads_figures(user: Any, _subject: Any = None) -> bool:
    """Whoever reads counts and no case has an entry of the main navigation for them."""
    return user.scope.has(*STATISTICS_READERS) and not reads_complaints(user)


def can_set_terms(user: Any, territory: Any) -> bool:
    return territory is not None and user.scope.has(*SETTERS, at=territory)


def can_edit_template(user: Any, template: AnswerTemplate) -> bool:
    return template.territory is not None and can_set_terms(user, template.territory)


def can_read_statistics(user: Any, territory: Any) -> bool:
    return territory is not None and user.scope.has(*STATISTICS_READERS, at=territory)


def can_record_review(user: Any, territory: Any) -> bool:
    return territory is not None and user.scope.has(*MUNICIPAL_ROLES, at=territory)


def reads_themes(user: Any, _subject: Any = None) -> bool:
    """Does the entry of the main navigation concern this user?"""
    return user.scope.has(*THEME_READERS)


def can_start_run(user: Any, municipality: Any) -> bool:
    return municipality is not None and user.scope.has(*THEME_LEADERS, at=municipality)


def belongs_to_run(user: Any, run: ThemeRun) -> bool:
    """Is the user of the municipality itself? Others see no small numbers."""
    return user.scope.has(*MUNICIPAL_ROLES, at=run.municipality)


def can_read_run(user: Any, run: ThemeRun) -> bool:
    """Its own municipality at any time, without texts; from above once it is closed."""
    if belongs_to_run(user, run):
        return True
    return run.state == RunState.CLOSED and user.scope.has(*THEME_WATCHERS, at=run.municipality)


def can_lead_run(user: Any, run: ThemeRun) -> bool:
    """Read the texts, group, name, close: whoever leads the team."""
    return user.scope.has(*THEME_LEADERS, at=run.municipality)


def can_lead_theme(user: Any, theme: Theme) -> bool:
    return can_lead_run(user, theme.run)


def can_read_theme_text(user: Any, text: ThemeText) -> bool:
    """Never what is about that very person."""
    return can_lead_run(user, text.run) and text.withheld_from_id != user.pk


# --- Open311


def can_publish_text(user: Any, complaint: Complaint) -> bool:
    """Whoever leads the municipality's team, and may read it."""
    leads = user.scope.has(Role.COORDINATOR, Role.DIDECO, at=complaint.territory)
    return leads and can_read_complaint(user, complaint)


# Whoever leads the team plans and runs the survey; the team and those above see how it goes.
ROUND_READERS = STAFF_ROLES
ROUND_LEADERS = frozenset({Role.COORDINATOR, Role.DIDECO})


# Whoever reads the questions aloud to somebody.
ROUND_HELPERS = RECORDERS


def reads_rounds(user: Any, _subject: Any = None) -> bool:
    """Does the entry of the main navigation concern this user?"""
    return user.scope.has(*ROUND_READERS)


def can_plan_round(user: Any, _subject: Any = None) -> bool:
    return user.scope.has(*ROUND_LEADERS)


def can_lead_round(user: Any, round: Round) -> bool:
    """Open, close, call off, print slips."""
    return user.scope.has(*ROUND_LEADERS, at=round.territory)


def can_lead_screen(user: Any, screen: SurveyScreen) -> bool:
    return can_lead_round(user, screen.round)


def can_help_with_round(user: Any, round: Round) -> bool:
    """Help somebody to answer; the person who served them never does, which they declare."""
    return user.scope.has(*ROUND_HELPERS, at=round.territory)


def only_helps_with_rounds(user: Any, _subject: Any = None) -> bool:
    """Whoever reads no survey, and helps to answer, has an entry of the main navigation for that."""
    return user.scope.has(*ROUND_HELPERS) and not reads_rounds(user)


def can_decide_paper(user: Any, entry: PaperEntry) -> bool:
    """One of the two who typed it, while they help there."""
    return user.pk in (entry.first_by_id, entry.second_by_id) and can_help_with_round(user, entry.round)


# Those who accompany many municipalities see their surveys side by side.
ROUND_WATCHERS = frozenset({Role.REGIONAL_TEAM, Role.NATIONAL_TEAM})


def watches_rounds(user: Any, _subject: Any = None) -> bool:
    return user.scope.has(*ROUND_WATCHERS)


def can_watch_rounds(user: Any, place: Any) -> bool:
    return place is not None and user.scope.has(*ROUND_WATCHERS, at=place)
