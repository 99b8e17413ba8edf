"""What weighs and is weak in the survey as a source of plan lines, and the lines that answer it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from plans.models import Action, ImprovementPlan
from plans.sources import SourceChoice, SourceDraft
from quality.models import Standard
from surveys.followups import FollowUp
from surveys.queries import drivers as reads
from surveys.queries.drivers import WeakDriver

KEY = "surveys.driver"
TITLE_LENGTH = 120


def driver_choices(municipality: Any, cycle: Any) -> list[SourceChoice]:
    """Of the survey of the cycle's year and of the one before."""
    found = [one for year in (cycle.year, cycle.year - 1) for one in reads.weak_in_year(municipality, year)]
    return [SourceChoice(one.reference, _label(one)) for one in found]


def describe_driver(reference: str) -> str:
    return _label(reads.driver_with(reference))


def driver_standards(reference: str) -> list[Standard]:
    return list(reads.driver_with(reference).standards)


def driver_draft(reference: str) -> SourceDraft:
    """The standards that it speaks of, to be met, and its figure as the problem's start."""
    driver = reads.driver_with(reference)
    problem = _(
        "In the survey of %(year)s, %(share)s %% of %(n)s people gave a 6 or a 7 to this: %(what)s. It weighs much in "
        "the overall mark, which does not prove that it is its cause."
    ) % {
        "year": driver.round.cycle.year,
        "share": round(driver.top or 0),
        "n": driver.n,
        "what": driver.label,
    }
    return SourceDraft(
        title=driver.label[:TITLE_LENGTH], problem=problem, standards=[(one, 2) for one in driver.standards]
    )


def lines_after(survey: Any) -> list[FollowUp]:
    """The lines of plans that everybody may read and that answer what was weak in the survey. One query."""
    found = (
        Action.objects.filter(
            plan__in=ImprovementPlan.objects.public(), sources__kind=KEY, sources__reference__startswith=f"{survey.pk}:"
        )
        .select_related("plan__municipality", "plan__cycle")
        .order_by("plan__cycle__year", "number", "pk")
        .distinct()
    )
    return [FollowUp(one.title, str(one.get_state_display())) for one in found]


def _label(driver: WeakDriver) -> str:
    return _("%(what)s: %(share)s %% gave a 6 or a 7 in the survey of %(year)s") % {
        "what": driver.label,
        "share": round(driver.top or 0),
        "year": driver.round.cycle.year,
    }
