"""My tasks across the modules, and how far a region's or the country's year has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from benefits_core.queries import procedure_tasks, queue_tasks
from plans.enums import PlanState
from plans.models import ImprovementPlan
from plans.queries import tasks as plans_tasks
from portal.foundation.clocks.due import WorkItem
from portal.foundation.clocks.working_days import add_working_days
from portal.foundation.cycles.models import Cycle, Participation, ParticipationStatus
from portal.foundation.cycles.queries import open_cycles
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.queries import privacy
from portal.foundation.people.roles import MUNICIPAL_ROLES, STAFF_ROLES
from portal.foundation.territories.models import Territory
from quality.enums import AssessmentState
from quality.models import Assessment
from quality.queries import tasks as quality_tasks
from surveys.queries import round_tasks, theme_tasks
from surveys.queries import tasks as complaint_tasks

# Each module tells its own; those above may come and go without the others knowing.
SOURCES: tuple[Callable[[Any, date], list[WorkItem]], ...] = (
    quality_tasks.tasks_for,
    plans_tasks.tasks_for,
    procedure_tasks.tasks_for,
    queue_tasks.tasks_for,
    theme_tasks.tasks_for,
    round_tasks.tasks_for,
    complaint_tasks.tasks_for,
    privacy.tasks_for,
)
SOON_WORKING_DAYS = 5
STANDING_ASSESSMENTS = (AssessmentState.SUBMITTED,)
STANDING_PLANS = (PlanState.IN_FORCE, PlanState.CLOSED)


@dataclass(frozen=True)
class TaskGroups:
    """Work by urgency, each group by its last day."""

    late: Sequence[WorkItem]
    soon: Sequence[WorkItem]
    later: Sequence[WorkItem]
    without_term: Sequence[WorkItem]

    @property
    def pressing(self) -> list[WorkItem]:
        """What a reminder is for: late, or due within :data:`SOON_WORKING_DAYS`."""
        return [*self.late, *self.soon]

    def __bool__(self) -> bool:
        return bool(self.late or self.soon or self.later or self.without_term)


def tasks_for(user: Any, today: date) -> TaskGroups:
    """Everything that waits for ``user``; constant queries, whatever the number of tasks.

    «Soon» counts working days where the user works.
    """
    items = [item for source in SOURCES for item in source(user, today)]
    place = home_of(user)
    limit = add_working_days(today, SOON_WORKING_DAYS, place) if place else today
    terms = sorted((item for item in items if item.due_on), key=lambda item: (item.due_on, str(item.title)))
    return TaskGroups(
        late=[item for item in terms if item.late(today)],
        soon=[item for item in terms if not item.late(today) and item.due_on and item.due_on <= limit],
        later=[item for item in terms if item.due_on and item.due_on > limit],
        without_term=[item for item in items if item.due_on is None],
    )


def home_of(user: Any) -> Territory | None:
    """The territory of the user's first staff role: its holidays are the user's."""
    ids = [grant.territory_id for grant in user.scope.grants if grant.role in STAFF_ROLES and grant.territory_id]
    return Territory.objects.filter(pk=ids[0]).first() if ids else None


def pauses_of(user: Any, today: date) -> QuerySet[Participation]:
    """Where the user works and the year of an open cycle stands still: paused or withdrawn, with its reason."""
    mine = user.scope.territories("municipality_id", "municipality__path", MUNICIPAL_ROLES)
    stopped = Participation.objects.filter(
        mine, status__in=(ParticipationStatus.PAUSED, ParticipationStatus.WITHDRAWN), cycle__in=open_cycles(today)
    )
    return stopped.select_related("municipality", "cycle").order_by("municipality__search_name", "cycle__year")


@dataclass(frozen=True)
class StateCount:
    label: str
    count: int


@dataclass(frozen=True)
class YearProgress:
    """How many municipalities of the year are at each state of their self-diagnosis and plan."""

    participating: int
    assessments: Sequence[StateCount]
    plans: Sequence[StateCount]


def progress_of_year(user: Any, cycle: Cycle) -> YearProgress:
    """Counts over the municipalities that ``user`` sees and that take part; three queries."""
    taking_part = set(
        Participation.objects.active().visible_to(user).filter(cycle=cycle).values_list("municipality_id", flat=True)
    )
    assessments = Assessment.objects.visible_to(user).filter(cycle=cycle)
    plans = ImprovementPlan.objects.visible_to(user).filter(cycle=cycle)
    return YearProgress(
        participating=len(taking_part),
        assessments=_counts(_states(assessments, taking_part, STANDING_ASSESSMENTS), AssessmentState, len(taking_part)),
        plans=_counts(_states(plans, taking_part, STANDING_PLANS), PlanState, len(taking_part)),
    )


def _states(versions: QuerySet[Any], municipalities: set[int], standing: Sequence[str]) -> Counter[str]:
    """State → number of municipalities, by the version of each that stands, else by its last one.

    What is signed or submitted stands while the next version is still written.
    """
    ordered = versions.annotate(stands=Q(state__in=standing)).order_by("stands", "number")
    rows: Iterable[tuple[int, str]] = ordered.values_list("municipality_id", "state")
    last = {municipality: state for municipality, state in rows if municipality in municipalities}
    return Counter(last.values())


def _counts(found: Counter[str], states: Any, participating: int) -> list[StateCount]:
    started = [StateCount(str(state.label), found[state.value]) for state in states if found[state.value]]
    return [StateCount(_("Not started"), participating - sum(found.values())), *started]


def staff(after: int, limit: int, on: date) -> QuerySet[Any]:
    """Active users with a staff role in force, by id, beginning after the id ``after``."""
    in_force = RoleAssignment.objects.in_force(on).filter(role__in=STAFF_ROLES)
    return User.objects.filter(is_active=True, pk__gt=after, pk__in=in_force.values("user_id")).order_by("pk")[:limit]
