"""Lines of the draft: what may be written, by several members at once, drawn from any kind of source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from plans import sources
from plans.domain import actions, comments, execution
from plans.enums import EvidenceMoment
from plans.errors import ActionConflict, InvalidContent, PlanClosedToChange, TargetNotAbove
from plans.models import Action, PlanAuthor
from plans.queries.execution import lines
from portal.foundation.indicators import registry as indicators
from portal.foundation.indicators.registry import Indicator, Measurement, Source
from portal.foundation.people.roles import Role
from quality.models import LevelRecord
from tests.factories import plans as factory
from tests.factories.people import user_with_role
from tests.factories.quality import StoredFileFactory, small_catalogue
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
AT = factory.NOW + timedelta(hours=1)
SOURCE = Source("test", "filas de prueba", is_sample=True)


@pytest.fixture
def need() -> Iterator[sources.SourceKind]:
    """A kind of source that another module might register: a need told at a consultation."""
    kind = sources.SourceKind(
        key="test.need",
        label="Necesidades",
        choices=lambda municipality, cycle: [sources.SourceChoice("N-7", f"Rampa en {municipality}")],
        describe=lambda reference: "Rampa",
        standards=lambda reference: [],
        draft=lambda reference: sources.SourceDraft(title="Poner una rampa"),
    )
    sources.register(kind)
    yield kind
    sources.unregister(kind.key)


@pytest.fixture
def waiting_time() -> Iterator[Indicator]:
    """An indicator that measures 45 minutes the first time, and less each time after."""
    values = iter([45.0, 30.0, 20.0])

    def measure(*, territories: Any, period: Any, audience: str, subject: Any = None) -> list[Measurement]:
        return [
            Measurement(
                territories[0].pk, next(values), 80, 100, 40.0, 50.0, False, period, AT, SOURCE, "v1", "/fuente/"
            )
        ]

    indicator = Indicator("test.wait", "Minutos de espera medidos", "minutos", -1, measure)
    indicators.register(indicator)
    yield indicator
    indicators.unregister(indicator.key)


def test_priority_is_the_product_and_ties_go_to_the_critical_standard() -> None:
    plan = factory.draft_plan()
    plain = factory.add_line(plan, pertinence=3, incidence=2, feasibility=3)
    critical = factory.add_line(
        plan, pertinence=2, incidence=3, feasibility=3, standards=[(factory.standard_of(plan, 2), 2)]
    )
    highest = factory.add_line(plan, pertinence=3, incidence=3, feasibility=3)

    assert [(line, line.priority) for line in lines(plan)] == [(highest, 27), (critical, 18), (plain, 18)]


def test_a_line_keeps_the_level_of_the_day_and_who_gave_it() -> None:
    part = factory.add_line(factory.draft_plan()).standards.get()

    assert (part.level_before, part.before_series, part.target, part.level_after) == (1, "self", 2, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"pertinence": 0}, "pertinence"),
        ({"incidence": 4}, "incidence"),
        ({"feasibility_reason": "  "}, "feasibility_reason"),
        ({"problem": "a" * 100_000}, "problem"),
        ({"title": "a" * 151}, "title"),
        ({"root_cause": "nulo\x00"}, "root_cause"),
        ({"starts_on": date(2026, 9, 1), "ends_on": date(2026, 8, 1)}, "ends_on"),
        ({"starts_on": date(2031, 1, 1), "ends_on": date(2031, 2, 1)}, "starts_on"),
        ({"amount": Decimal("-1")}, "amount"),
        ({"amount": Decimal("10.5")}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"amount": Decimal("1e15")}, "amount"),
        ({"currency": "XXZ"}, "currency"),
        ({"depends_on_national": True}, "dependency"),
        ({"kind": "otro"}, "kind"),
        ({"indicator_key": "no.existe"}, "indicator_key"),
        ({"indicator": ""}, "indicator"),
        ({"owner": None}, "owner"),
        ({"effect_check_on": date(2020, 1, 1)}, "effect_check_on"),
    ],
)
def test_content_that_is_not_right_is_refused(changes: dict[str, Any], field: str) -> None:
    plan = factory.draft_plan()
    content = factory.content(plan)
    broken = actions.ActionContent(**{**content.__dict__, **changes})

    with pytest.raises(InvalidContent) as refused:
        actions.add_action(
            plan=plan, content=broken, standards=[(factory.standard_of(plan), 2)], by=plan.created_by, at=AT
        )

    assert refused.value.field == field
    assert Action.objects.count() == 0


def test_amounts_have_the_decimals_of_their_currency() -> None:
    line = factory.add_line(factory.draft_plan(), amount=Decimal("10.55"), currency="EUR")

    assert Action.objects.get(pk=line.pk).amount == Decimal("10.55")


def test_a_line_needs_a_standard_of_the_year_within_the_scale_and_once() -> None:
    plan = factory.draft_plan()
    standard = factory.standard_of(plan)
    foreign = small_catalogue("0.9.0").standards.first()

    for standards in ([], [(standard, 0)], [(standard, 4)], [(standard, 2), (standard, 3)], [(foreign, 2)]):
        with pytest.raises(InvalidContent):
            actions.add_action(plan=plan, content=factory.content(plan), standards=standards, by=plan.created_by, at=AT)

    assert Action.objects.count() == 0


@pytest.mark.parametrize("name", ["owner", "stand_in"])
def test_only_the_municipality_s_own_team_is_in_charge(name: str) -> None:
    plan = factory.draft_plan()
    strangers = [factory.member(MunicipalityFactory()), user_with_role(Role.REGIONAL_TEAM, plan.municipality.region)]

    for stranger in strangers:
        with pytest.raises(InvalidContent) as refused:
            factory.add_line(plan, **{name: stranger})
        assert refused.value.field == name


@pytest.mark.parametrize(
    ("level", "target", "said"), [(1, 1, "E01 está hoy en nivel 1"), (3, 3, "E01 ya está en el nivel más alto")]
)
def test_a_target_has_to_be_above_todays_level(level: int, target: int, said: str) -> None:
    plan = factory.draft_plan(municipality=factory.measured_municipality(levels={"E01": level}))

    with pytest.raises(TargetNotAbove, match=said):
        factory.add_line(plan, standards=[(factory.standard_of(plan), target)])


def test_a_line_is_drawn_from_a_gap() -> None:
    plan = factory.draft_plan()
    gap = LevelRecord.objects.in_force().get(municipality=plan.municipality, standard__code="E02")

    offered = sources.choices(plan.municipality, plan.cycle)[sources.get("quality.gap")]
    line = factory.add_line(plan, sources=[("quality.gap", str(gap.pk))])

    assert [choice.reference for choice in offered] == [
        str(record.pk) for record in LevelRecord.objects.in_force().order_by("standard__number")
    ]
    assert line.sources.get().label == "E02 Estándar 2: nivel 1 (autodiagnóstico)"


def test_any_module_s_kind_of_source_serves(need: sources.SourceKind) -> None:
    plan = factory.draft_plan()

    line = factory.add_line(plan, sources=[("test.need", "N-7")])

    assert sources.choices(plan.municipality, plan.cycle)[need][0].reference == "N-7"
    assert line.sources.get().label == f"Rampa en {plan.municipality}"


def test_what_is_not_offered_to_the_municipality_is_no_source(need: sources.SourceKind) -> None:
    plan, other = factory.draft_plan(), factory.draft_plan()
    foreign = LevelRecord.objects.in_force().filter(municipality=other.municipality).first()

    for source in (("test.need", "N-8"), ("no.existe", "1"), ("quality.gap", str(foreign.pk)), ("quality.gap", "x")):
        with pytest.raises(InvalidContent):
            factory.add_line(plan, sources=[source])


def test_a_key_is_registered_once(need: sources.SourceKind) -> None:
    with pytest.raises(ValueError, match="registered already"):
        sources.register(sources.SourceKind("test.need", "Otra", need.choices, need.describe, need.standards))


def test_the_baseline_of_an_indicator_is_measured_once_and_frozen(waiting_time: Indicator) -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan, indicator_key="test.wait", indicator="", baseline="")

    edited = actions.edit_action(
        action=line,
        content=factory.content(plan, indicator_key="test.wait", title="Otro título", baseline="1 minuto"),
        revision=line.revision,
        by=line.owner,
        at=AT,
    )

    stored = Action.objects.get()
    assert (stored.indicator, stored.baseline) == ("Minutos de espera medidos", "45,0 minutos")
    assert (edited.title, stored.baseline_measurement["query_version"]) == ("Otro título", "v1")
    assert stored.baseline_measurement["value"] == 45.0


def test_of_two_members_who_save_at_once_the_second_is_told() -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan)
    first, second = factory.member(plan.municipality), factory.member(plan.municipality)
    seen = line.revision

    actions.edit_action(action=line, content=factory.content(plan, title="Primera"), revision=seen, by=first, at=AT)
    with pytest.raises(ActionConflict, match=first.name) as conflict:
        actions.edit_action(
            action=line, content=factory.content(plan, title="Segunda"), revision=seen, by=second, at=AT
        )

    assert conflict.value.action.title == Action.objects.get().title == "Primera"


def test_who_writes_is_an_author_and_who_opens_is_not() -> None:
    plan = factory.draft_plan()
    writer = factory.member(plan.municipality)

    factory.add_line(plan, by=writer)

    assert list(PlanAuthor.objects.values_list("user", flat=True)) == [writer.pk]


def test_milestones_lie_within_the_line() -> None:
    line = factory.add_line(factory.draft_plan())

    with pytest.raises(InvalidContent):
        factory.milestone_of(line, due_on=date(2026, 12, 1))
    milestone = factory.milestone_of(line)
    actions.remove_milestone(milestone=milestone, by=line.owner, at=AT)

    assert line.milestones.count() == 0


def test_a_removed_line_takes_its_parts_along() -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan)
    factory.add_evidence(line, EvidenceMoment.BEFORE)
    factory.milestone_of(line)

    actions.remove_action(action=line, by=line.owner, at=AT)

    assert plan.actions.count() == 0


def test_a_signed_line_takes_no_milestone_and_is_not_removed() -> None:
    line = factory.plan_in_force().actions.get()

    with pytest.raises(PlanClosedToChange):
        factory.milestone_of(line)
    with pytest.raises(PlanClosedToChange):
        actions.remove_action(action=line, by=line.owner, at=AT)


def test_evidence_of_another_municipality_or_of_tomorrow_is_refused() -> None:
    line = execution.start_action(
        action=factory.plan_in_force().actions.get(), by=factory.member(MunicipalityFactory()), at=AT
    )
    foreign = StoredFileFactory(territory=MunicipalityFactory())
    own = StoredFileFactory(territory=line.plan.municipality)
    common = {"action": line, "moment": "after", "description": "Foto", "by": line.owner, "at": AT}

    with pytest.raises(InvalidContent, match="otra municipalidad"):
        execution.add_evidence(file=foreign, dated_on=AT.date(), **common)
    with pytest.raises(InvalidContent, match="futura"):
        execution.add_evidence(file=own, dated_on=AT.date() + timedelta(days=1), **common)

    assert line.evidence.count() == 0


def test_the_day_is_the_municipality_s_own() -> None:
    """At 02:00 UTC it is still the day before in Chile."""
    plan = factory.draft_plan()
    factory.add_line(plan)
    night = datetime(2026, 4, 21, 2, 0, tzinfo=UTC)
    comments.open_comments(plan=plan, until=date(2026, 4, 20), by=plan.created_by, at=AT)

    comment = comments.comment(plan=plan, text="A tiempo", at=night)

    assert comment.text == "A tiempo"
