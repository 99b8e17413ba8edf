"""Draft, proposal, two signatures, amendment, carry-over."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from plans.domain import actions, execution, plans
from plans.domain.plans import sign_plan
from plans.enums import ActionState, PlanState, SignatureRole, Standing
from plans.errors import ContentChanged, InvalidContent, Obstacles, PlanClosedToChange, PlansError, SignatureRefused
from plans.models import Action, ImprovementPlan
from plans.queries.content import content_hash
from plans.queries.plans import earlier_with_open_lines
from portal.foundation.audit.domain import digest_of, registered_content
from portal.foundation.audit.frozen import FrozenContent
from portal.foundation.audit.models import AuditEvent
from portal.foundation.cycles.models import CycleState
from portal.foundation.messages.models import Message
from portal.foundation.people.roles import Role
from tests.factories import plans as factory
from tests.factories.cycles import CycleFactory, ParticipationFactory
from tests.factories.people import user_with_role
from tests.factories.quality import submitted_assessment
from tests.factories.territories import MunicipalityFactory

pytestmark = pytest.mark.django_db
AT = factory.NOW + timedelta(hours=5)


def test_a_municipality_that_does_not_take_part_opens_no_plan() -> None:
    municipality = MunicipalityFactory()

    with pytest.raises(PlansError, match="no participa"):
        plans.open_plan(municipality=municipality, cycle=CycleFactory(), by=factory.member(municipality), at=AT)


def test_no_plan_in_a_closed_year() -> None:
    participation = ParticipationFactory(cycle=CycleFactory(year=2025, state=CycleState.CLOSED))

    with pytest.raises(PlansError, match="no está abierto"):
        plans.open_plan(
            municipality=participation.municipality,
            cycle=participation.cycle,
            by=factory.member(participation.municipality),
            at=AT,
        )


def test_one_plan_in_preparation_per_municipality_and_year() -> None:
    plan = factory.draft_plan()

    with pytest.raises(PlansError, match="ya tiene un plan"):
        plans.open_plan(municipality=plan.municipality, cycle=plan.cycle, by=plan.created_by, at=AT)

    assert ImprovementPlan.objects.count() == 1


def test_a_plan_without_lines_is_not_proposed() -> None:
    plan = factory.draft_plan()

    with pytest.raises(Obstacles) as refused:
        plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=plan.created_by, at=AT)

    assert [str(missing) for missing in refused.value.missing] == ["El plan todavía no tiene mejoras."]
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT


def test_proposing_freezes_content_and_tells_the_validators() -> None:
    plan = factory.draft_plan()
    factory.add_line(plan)
    dideco = user_with_role(Role.DIDECO, plan.municipality)
    coordinator = user_with_role(Role.COORDINATOR, plan.municipality)

    plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=coordinator, at=AT)

    plan.refresh_from_db()
    assert plan.state == PlanState.PROPOSED
    assert plan.content_hash == digest_of(plan.signed_content) == content_hash(plan)
    assert list(plan.actions.values_list("state", flat=True)) == [ActionState.PROPOSED]
    told = {message.recipient for message in Message.objects.filter(template="plan_proposed")}
    assert (dideco in told, coordinator in told) == (True, False)


def test_a_plan_is_proposed_once() -> None:
    plan = factory.proposed_plan()

    with pytest.raises(PlanClosedToChange):
        plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=plan.proposed_by, at=AT)


def test_a_proposed_plan_takes_no_edit() -> None:
    plan = factory.proposed_plan()
    line = plan.actions.get()

    with pytest.raises(PlanClosedToChange, match="propuesto"):
        actions.edit_action(
            action=line, content=factory.content(plan, title="Otra"), revision=line.revision, by=line.owner, at=AT
        )
    with pytest.raises(PlanClosedToChange):
        plans.edit_summary(plan=plan, summary="Otro", by=line.owner, at=AT)

    line.refresh_from_db()
    assert line.title == "Mejora 1"


def test_two_distinct_validators_put_the_plan_in_force() -> None:
    plan = factory.proposed_plan(lines=2)

    coordinator = factory.sign(plan, SignatureRole.COORDINATOR)
    plan.refresh_from_db()
    after_one = plan.state
    dideco = factory.sign(plan, SignatureRole.DIDECO)

    plan.refresh_from_db()
    assert (after_one, plan.state) == (PlanState.PROPOSED, PlanState.IN_FORCE)
    assert [s.signed_by for s in plan.signatures.all()] == [coordinator, dideco]
    assert {s.content_hash for s in plan.signatures.all()} == {plan.content_hash}
    assert set(plan.actions.values_list("state", flat=True)) == {ActionState.VALIDATED}


def test_one_person_does_not_give_both_signatures() -> None:
    plan = factory.proposed_plan()
    both = user_with_role(Role.DIDECO, plan.municipality, user=user_with_role(Role.COORDINATOR, plan.municipality))
    factory.sign(plan, SignatureRole.COORDINATOR, by=both)

    with pytest.raises(SignatureRefused, match="otra persona"):
        factory.sign(plan, SignatureRole.DIDECO, by=both)

    assert plan.signatures.count() == 1


def test_a_signature_is_not_given_twice() -> None:
    plan = factory.proposed_plan()
    factory.sign(plan, SignatureRole.COORDINATOR)

    with pytest.raises(SignatureRefused, match="ya está dada"):
        factory.sign(plan, SignatureRole.COORDINATOR)

    assert plan.signatures.count() == 1


def test_the_sole_author_does_not_validate() -> None:
    plan = factory.draft_plan()
    coordinator = user_with_role(Role.COORDINATOR, plan.municipality)
    factory.add_line(plan, by=coordinator)
    plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=coordinator, at=AT)

    with pytest.raises(SignatureRefused, match="única persona"):
        factory.sign(plan, SignatureRole.COORDINATOR, by=coordinator)

    assert plan.signatures.count() == 0


def test_one_of_several_authors_validates() -> None:
    plan = factory.draft_plan()
    coordinator = user_with_role(Role.COORDINATOR, plan.municipality)
    factory.add_line(plan, by=coordinator)
    factory.add_line(plan, by=factory.member(plan.municipality))
    plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=coordinator, at=AT)

    factory.sign(plan, SignatureRole.COORDINATOR, by=coordinator)

    assert plan.signatures.get().signed_by == coordinator


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.NATIONAL_TEAM, Role.DIDECO])
def test_a_role_signs_only_its_own_signature(role: Role) -> None:
    plan = factory.proposed_plan()
    place = plan.municipality.region.parent if role == Role.NATIONAL_TEAM else plan.municipality

    with pytest.raises(SignatureRefused, match="no tiene este rol"):
        factory.sign(plan, SignatureRole.COORDINATOR, by=user_with_role(role, place))


def test_another_municipality_s_coordinator_does_not_sign() -> None:
    plan = factory.proposed_plan()

    with pytest.raises(SignatureRefused):
        factory.sign(plan, SignatureRole.COORDINATOR, by=user_with_role(Role.COORDINATOR, MunicipalityFactory()))


def test_a_dated_stand_in_signs_with_the_reason_shown() -> None:
    plan = factory.proposed_plan()
    away = user_with_role(Role.DIDECO, plan.municipality)
    stand_in = user_with_role(
        Role.DIDECO,
        plan.municipality,
        stand_in_for=away,
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 4, 30),
        reason="Feriado legal",
    )

    factory.sign(plan, SignatureRole.DIDECO, by=stand_in)

    signature = plan.signatures.get()
    assert signature.standing == Standing.STAND_IN
    assert signature.standing_reason == f"Subroga a {away} hasta el 30 de abril de 2026. Feriado legal"


def test_a_stand_in_whose_term_is_over_does_not_sign() -> None:
    plan = factory.proposed_plan()
    stand_in = user_with_role(
        Role.DIDECO,
        plan.municipality,
        stand_in_for=user_with_role(Role.DIDECO, plan.municipality),
        ends_on=date(2026, 4, 9),
    )

    with pytest.raises(SignatureRefused):
        factory.sign(plan, SignatureRole.DIDECO, by=stand_in)


def test_the_region_gives_one_signature_with_its_reason() -> None:
    plan = factory.proposed_plan()
    regional = user_with_role(Role.REGIONAL_TEAM, plan.municipality.region)
    other = user_with_role(Role.REGIONAL_TEAM, plan.municipality.region)
    signing = {"plan": plan, "content_hash": plan.content_hash, "at": AT}

    with pytest.raises(InvalidContent, match="Motivo"):
        sign_plan(role=SignatureRole.DIDECO, by=regional, **signing)
    sign_plan(role=SignatureRole.DIDECO, by=regional, reason="El equipo tiene una persona", **signing)
    with pytest.raises(SignatureRefused, match="una de las dos firmas"):
        sign_plan(role=SignatureRole.COORDINATOR, by=other, reason="Tampoco hay", **signing)

    signature = plan.signatures.get()
    assert (signature.standing, signature.standing_reason) == (Standing.REGIONAL, "El equipo tiene una persona")


def test_another_region_does_not_sign() -> None:
    plan = factory.proposed_plan()
    stranger = user_with_role(Role.REGIONAL_TEAM, MunicipalityFactory().region)

    with pytest.raises(SignatureRefused):
        sign_plan(
            plan=plan, role=SignatureRole.DIDECO, content_hash=plan.content_hash, reason="Apoyo", by=stranger, at=AT
        )


def test_what_was_read_must_be_what_is_signed() -> None:
    plan = factory.proposed_plan()
    seen = plan.content_hash
    coordinator = user_with_role(Role.COORDINATOR, plan.municipality)
    plans.return_plan(plan=plan, remarks="Falta un plazo", by=coordinator, at=AT)
    line = plan.actions.get()
    actions.edit_action(
        action=line, content=factory.content(plan, title="Cambiada"), revision=line.revision, by=line.owner, at=AT
    )
    plans.propose_plan(plan=plan, no_comment_reason=factory.HASTE, by=coordinator, at=AT)

    with pytest.raises(ContentChanged, match="Léalo de nuevo"):
        sign_plan(plan=plan, role=SignatureRole.COORDINATOR, content_hash=seen, by=coordinator, at=AT)

    assert plan.signatures.count() == 0


def test_what_is_stored_must_be_what_was_proposed() -> None:
    plan = factory.proposed_plan()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE plans_action SET goal = %s", ["otra meta"])

    with pytest.raises(ContentChanged, match="no es lo que se propuso"):
        factory.sign(plan, SignatureRole.COORDINATOR)

    assert plan.signatures.count() == 0


def test_returning_revokes_signatures_and_opens_the_draft() -> None:
    plan = factory.proposed_plan()
    factory.sign(plan, SignatureRole.COORDINATOR)
    dideco = user_with_role(Role.DIDECO, plan.municipality)

    plans.return_plan(plan=plan, remarks="Falta el responsable", by=dideco, at=AT)

    plan.refresh_from_db()
    assert (plan.state, plan.content_hash, plan.signed_content) == (PlanState.DRAFT, "", None)
    assert plan.signatures.filter(revoked_at__isnull=True).count() == 0
    assert plan.returns.get().remarks == "Falta el responsable"
    assert plan.actions.get().state == ActionState.DRAFT


def test_a_plan_is_not_returned_without_remarks() -> None:
    plan = factory.proposed_plan()

    with pytest.raises(InvalidContent):
        plans.return_plan(plan=plan, remarks="  ", by=plan.proposed_by, at=AT)


def test_a_signed_plan_refuses_every_write_but_the_verbs_own() -> None:
    plan = factory.plan_in_force()
    line = plan.actions.get()

    line.goal = "otra"
    with pytest.raises(FrozenContent):
        line.save()
    with pytest.raises(FrozenContent):
        line.delete()
    with pytest.raises(FrozenContent):
        Action.objects.filter(pk=line.pk).update(goal="otra")
    with pytest.raises(FrozenContent):
        plan.actions.all().delete()
    with pytest.raises(FrozenContent):
        line.standards.update(target=3)
    with pytest.raises(FrozenContent):
        line.standards.get().delete()
    plan.summary = "otro"
    with pytest.raises(FrozenContent):
        plan.save()
    with pytest.raises(FrozenContent):
        plan.delete()

    line.refresh_from_db()
    assert line.goal == "20 minutos"


def test_a_signed_plan_altered_by_sql_differs_from_its_last_event() -> None:
    plan = factory.plan_in_force()
    content = registered_content()[ImprovementPlan._meta.label_lower]
    last = AuditEvent.objects.filter(object_type="plans.improvementplan", object_id=str(plan.pk)).latest("pk")
    intact = digest_of(content(plan)) == last.digest

    with connection.cursor() as cursor:
        cursor.execute("UPDATE plans_actionstandard SET target = 1")

    assert intact is True
    assert digest_of(content(ImprovementPlan.objects.get(pk=plan.pk))) != last.digest


def test_work_on_a_signed_plan_leaves_its_signed_content_as_it_was() -> None:
    plan = factory.plan_in_force()
    content = registered_content()
    factory.verified_action(plan.actions.get())

    plan.refresh_from_db()
    line = plan.actions.get()
    for row in (plan, line):
        label = row._meta.label_lower
        last = AuditEvent.objects.filter(object_type=label, object_id=str(row.pk)).latest("pk")
        assert digest_of(content[label](row)) == last.digest
    assert content_hash(plan) == plan.content_hash


def test_an_amendment_replaces_the_plan_and_goes_on_with_its_work() -> None:
    plan = factory.plan_in_force(lines=2)
    first = plan.actions.first()
    coordinator = user_with_role(Role.COORDINATOR, plan.municipality)
    amendment = plans.amend_plan(plan=plan, reason="Cambia el presupuesto", by=coordinator, at=AT)
    factory.finished_action(first, at=AT)
    copy = amendment.actions.get(number=2)
    actions.edit_action(
        action=copy,
        content=factory.content(amendment, title="Segunda, corregida"),
        revision=copy.revision,
        by=factory.member(plan.municipality),
        at=AT,
    )

    factory.proposed_plan(plan=amendment, lines=0, at=AT)
    for role in SignatureRole:
        factory.sign(amendment, role, at=AT + factory.HOUR)

    plan.refresh_from_db()
    amendment.refresh_from_db()
    done, corrected = amendment.actions.all()
    assert (plan.state, amendment.state, amendment.number) == (PlanState.SUPERSEDED, PlanState.IN_FORCE, 2)
    assert (done.state, done.progress, done.evidence.count()) == (ActionState.DONE, 100, 1)
    assert (corrected.state, corrected.title) == (ActionState.VALIDATED, "Segunda, corregida")
    assert list(plan.actions.values_list("title", flat=True)) == ["Mejora 1", "Mejora 2"]


def test_an_amendment_keeps_what_has_begun_and_what_it_drops_does_not_begin() -> None:
    plan = factory.plan_in_force(lines=2)
    begun, waiting = plan.actions.all()
    execution.start_action(action=begun, by=begun.owner, at=AT)
    amendment = plans.amend_plan(plan=plan, reason="Sobra una línea", by=begun.owner, at=AT)

    with pytest.raises(PlanClosedToChange, match="ha comenzado"):
        actions.remove_action(action=amendment.actions.get(number=1), by=begun.owner, at=AT)
    actions.remove_action(action=amendment.actions.get(number=2), by=begun.owner, at=AT)
    with pytest.raises(PlanClosedToChange, match="deja fuera"):
        execution.start_action(action=waiting, by=waiting.owner, at=AT)


def test_an_amendment_needs_a_reason_and_there_is_one_at_a_time() -> None:
    plan = factory.plan_in_force()
    coordinator = user_with_role(Role.COORDINATOR, plan.municipality)

    with pytest.raises(InvalidContent):
        plans.amend_plan(plan=plan, reason="", by=coordinator, at=AT)
    given_up = plans.amend_plan(plan=plan, reason="Error", by=coordinator, at=AT)
    with pytest.raises(PlansError):
        plans.amend_plan(plan=plan, reason="Otra vez", by=coordinator, at=AT)
    plans.discard_amendment(plan=given_up, by=coordinator, at=AT)
    again = plans.amend_plan(plan=plan, reason="Ahora sí", by=coordinator, at=AT)

    assert again.number == 3


def test_open_lines_are_carried_into_the_next_year_once() -> None:
    plan = factory.plan_in_force(lines=3)
    verified, begun, deferred = plan.actions.all()
    factory.verified_action(verified)
    execution.start_action(action=begun, by=begun.owner, at=AT)
    execution.defer_action(action=deferred, reason="Sin presupuesto este año", by=deferred.owner, at=AT)
    following = factory.draft_plan(
        municipality=plan.municipality,
        cycle=ParticipationFactory(municipality=plan.municipality, cycle=CycleFactory(year=2027)).cycle,
        at=AT.replace(year=2027),
    )

    carried = plans.carry_over(plan=plan, into=following, by=begun.owner, at=AT.replace(year=2027))
    again = plans.carry_over(plan=plan, into=following, by=begun.owner, at=AT.replace(year=2027))

    assert [line.carried_from for line in carried] == [begun, deferred]
    assert again == []
    assert {line.starts_on.year for line in carried} == {2027}
    assert [line.standards.get().standard.code for line in carried] == ["E01", "E01"]
    begun.refresh_from_db()
    assert begun.state == ActionState.CARRIED_OVER


def year_after(plan, *, level: int):
    """A draft of the year after, whose self-diagnosis found E01 at that level."""
    at = AT.replace(year=2027)
    cycle = CycleFactory(year=2027)
    ParticipationFactory(municipality=plan.municipality, cycle=cycle)
    submitted_assessment(municipality=plan.municipality, cycle=cycle, levels={"E01": level}, at=at)
    return factory.draft_plan(municipality=plan.municipality, cycle=cycle, at=at)


def test_a_line_that_has_reached_its_target_is_carried_only_where_the_team_chooses_it() -> None:
    plan = factory.plan_in_force()
    line, following, at = plan.actions.get(), year_after(plan, level=2), AT.replace(year=2027)

    assert plans.carry_over(plan=plan, into=following, by=line.owner, at=at) == []
    [copy] = plans.carry_over(plan=plan, into=following, chosen=[line.pk], by=line.owner, at=at)

    part = copy.standards.get()
    assert (part.level_before, part.target) == (2, 2)
    with pytest.raises(Obstacles) as refused:
        plans.propose_plan(plan=following, no_comment_reason=factory.HASTE, by=line.owner, at=at)
    [missing] = refused.value.missing
    assert "E01 ya está en nivel 2" in missing
    assert missing.url == copy.get_absolute_url()


def test_a_line_at_the_highest_level_is_not_carried_at_all() -> None:
    plan = factory.plan_in_force()
    line, following = plan.actions.get(), year_after(plan, level=3)

    carried = plans.carry_over(plan=plan, into=following, chosen=[line.pk], by=line.owner, at=AT.replace(year=2027))

    assert carried == []
    assert earlier_with_open_lines(following) == []


def test_a_carried_line_starts_that_day_and_no_milestone_is_due_on_its_start() -> None:
    plan = factory.draft_plan()
    line = factory.add_line(plan)
    for name, due_on in (("Cotizar", date(2026, 5, 1)), ("Instalar", date(2026, 9, 1))):
        actions.add_milestone(action=line, name=name, due_on=due_on, by=line.owner, at=AT)
    factory.proposed_plan(plan=plan, lines=0)
    for role in SignatureRole:
        factory.sign(plan, role)
    plan.refresh_from_db()
    at = datetime(2027, 6, 1, 15, tzinfo=UTC)

    [copy] = plans.carry_over(plan=plan, into=year_after(plan, level=1), by=line.owner, at=at)

    due = dict(copy.milestones.values_list("name", "due_on"))
    assert (copy.starts_on, copy.ends_on) == (date(2027, 6, 1), date(2027, 12, 31))
    assert due == {"Cotizar": date(2027, 12, 31), "Instalar": date(2027, 9, 1)}


def test_lines_are_not_carried_to_another_municipality() -> None:
    plan, stranger = factory.plan_in_force(), factory.draft_plan()

    with pytest.raises(PlansError):
        plans.carry_over(plan=plan, into=stranger, by=stranger.created_by, at=AT)
