"""A municipality's own terms: written by the team, proposed by the coordinator, published by another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from benefits_core.domain import terms
from benefits_core.enums import TermsState, TermUnit
from benefits_core.errors import ClosedToChange, EditConflict, InvalidContent, SecondPersonNeeded
from benefits_core.models import MunicipalTerms
from benefits_core.queries.terms import own_terms
from portal.foundation.audit.models import AuditEvent
from portal.foundation.people.roles import Role
from tests.factories import benefits
from tests.factories.people import UserFactory, user_with_role
from tests.factories.territories import MunicipalityFactory, ServicePointFactory

pytestmark = pytest.mark.django_db
AT, TODAY = benefits.NOW, benefits.TODAY
DAYS = TermUnit.WORKING_DAYS


def publish(made, *, by=None, starts_on=TODAY, revision=None):
    return terms.publish_terms(
        terms=made,
        starts_on=starts_on,
        revision=made.revision if revision is None else revision,
        by=by or user_with_role(Role.DIDECO, made.territory),
        at=AT,
    )


def test_the_municipality_keeps_the_rest_of_the_national_procedure():
    version = benefits.published_version()
    made = benefits.terms_in_force(of=version.procedure)

    promised = own_terms(version.procedure, made.territory, TODAY).promises

    assert {key: (each.amount, each.unit, each.is_own) for key, each in promised.items()} == {
        "revisar": (2, DAYS, True)
    }
    assert own_terms(version.procedure, MunicipalityFactory(), TODAY).promises == {}


def test_there_is_one_draft_and_it_begins_with_what_is_in_force():
    made = benefits.terms_in_force()
    point = ServicePointFactory(territory=made.territory)
    by = UserFactory()

    draft = terms.open_terms(procedure=made.procedure, territory=made.territory, by=by, at=AT)
    draft = terms.edit_terms(
        terms=draft,
        promised={"revisar": (2, DAYS), "responder": (1, DAYS)},
        service_points=[point],
        note=benefits.texts("Hora por teléfono."),
        revision=1,
        by=by,
        at=AT,
    )

    assert terms.open_terms(procedure=made.procedure, territory=made.territory, by=by, at=AT) == draft
    assert (draft.number, list(draft.service_points.all())) == (2, [point])
    assert sorted(draft.step_terms.values_list("step_key", "amount")) == [("responder", 1), ("revisar", 2)]


def test_terms_belong_to_national_procedures_and_to_municipalities():
    own = benefits.published_version(territory=MunicipalityFactory())
    with pytest.raises(InvalidContent):
        terms.open_terms(procedure=own.procedure, territory=own.procedure.territory, by=UserFactory(), at=AT)
    with pytest.raises(InvalidContent):
        terms.open_terms(
            procedure=benefits.published_version().procedure,
            territory=MunicipalityFactory().region,
            by=UserFactory(),
            at=AT,
        )


@pytest.mark.parametrize(
    ("promised", "field"),
    [
        ({"nunca": (2, DAYS)}, "term_nunca"),
        ({"revisar": (0, DAYS)}, "term_revisar"),
        ({"revisar": (2, "años")}, "term_revisar"),
    ],
)
def test_impossible_terms_are_refused_beside_their_step(promised, field):
    made = benefits.draft_terms()

    with pytest.raises(InvalidContent) as refused:
        terms.edit_terms(terms=made, promised=promised, revision=made.revision, by=UserFactory(), at=AT)

    assert refused.value.field == field


def test_service_points_are_the_municipality_s_own():
    made = benefits.draft_terms()

    with pytest.raises(InvalidContent):
        terms.edit_terms(
            terms=made,
            promised={},
            service_points=[ServicePointFactory()],
            revision=made.revision,
            by=UserFactory(),
            at=AT,
        )


def test_of_two_who_write_the_second_is_told():
    made = benefits.draft_terms()
    terms.edit_terms(terms=made, promised={"revisar": (3, DAYS)}, revision=made.revision, by=UserFactory(), at=AT)

    with pytest.raises(EditConflict):
        terms.edit_terms(terms=made, promised={"revisar": (4, DAYS)}, revision=made.revision, by=UserFactory(), at=AT)

    assert made.step_terms.get().amount == 3


def test_empty_terms_are_not_proposed():
    made = benefits.draft_terms()
    made = terms.edit_terms(terms=made, promised={}, revision=made.revision, by=UserFactory(), at=AT)

    with pytest.raises(InvalidContent):
        terms.propose_terms(terms=made, by=UserFactory(), at=AT)


def test_who_wrote_or_proposed_does_not_publish():
    made = benefits.proposed_terms()

    for person in (made.edited_by, made.proposed_by):
        with pytest.raises(SecondPersonNeeded):
            publish(made, by=person)
    assert publish(made).state == TermsState.PUBLISHED


def test_the_button_pressed_twice_publishes_once():
    made = benefits.proposed_terms()
    dideco = user_with_role(Role.DIDECO, made.territory)

    for _time in range(2):
        publish(made, by=dideco)

    assert AuditEvent.objects.filter(verb="benefits_core.publish_terms").count() == 1


def test_terms_returned_with_remarks_are_a_draft_again():
    made = benefits.proposed_terms()
    with pytest.raises(InvalidContent):
        terms.return_terms(terms=made, remarks="", by=UserFactory(), at=AT)

    made = terms.return_terms(terms=made, remarks="Dos días es poco", by=UserFactory(), at=AT)

    assert (made.state, made.remarks, made.proposed_by) == (TermsState.DRAFT, "Dos días es poco", None)
    with pytest.raises(ClosedToChange):
        publish(made)


def test_new_terms_end_the_old_ones_on_their_first_day():
    old = benefits.terms_in_force()
    first_day = TODAY + timedelta(days=5)
    draft = terms.open_terms(procedure=old.procedure, territory=old.territory, by=UserFactory(), at=AT)
    proposed = terms.propose_terms(terms=draft, by=UserFactory(), at=AT)

    new = publish(proposed, starts_on=first_day)

    old.refresh_from_db()
    assert (old.state, old.ends_on) == (TermsState.PUBLISHED, first_day)
    assert list(MunicipalTerms.objects.current(first_day)) == [new]
    assert terms.retire_ended_terms(at=benefits.noon(first_day)) == 1
    old.refresh_from_db()
    assert old.state == TermsState.RETIRED


def test_terms_that_end_give_the_national_ones_back():
    made = benefits.terms_in_force()

    terms.end_terms(terms=made, ends_on=TODAY, by=UserFactory(), at=AT)

    assert own_terms(made.procedure, made.territory, TODAY).promises == {}
    with pytest.raises(ClosedToChange):
        terms.end_terms(terms=benefits.draft_terms(), ends_on=TODAY, by=UserFactory(), at=AT)


def test_a_term_of_a_step_that_is_gone_is_simply_not_shown():
    made = benefits.terms_in_force()
    new = benefits.published(benefits.draft_version(of=made.procedure, steps=("pedir", "mirar")))

    shown = own_terms(made.procedure, made.territory, TODAY)

    assert set(shown.promises) - {step.key for step in new.steps.all()} == {"revisar"}
    draft = terms.open_terms(procedure=made.procedure, territory=made.territory, by=UserFactory(), at=AT)
    assert list(draft.step_terms.values_list("step_key", flat=True)) == []


def test_published_terms_do_not_change():
    made = benefits.terms_in_force()

    with pytest.raises(ClosedToChange):
        terms.edit_terms(terms=made, promised={}, revision=made.revision, by=UserFactory(), at=AT)
    with pytest.raises(ClosedToChange):
        terms.discard_terms(terms=made, by=UserFactory(), at=AT)
