"""Create, draft, publish by a second person, dated history, call back, end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection

from benefits_core.domain import procedures
from benefits_core.domain.procedures import VersionContent
from benefits_core.enums import VersionState
from benefits_core.errors import ClosedToChange, EditConflict, InvalidContent, NotReady, SecondPersonNeeded
from benefits_core.models import Procedure, ProcedureVersion
from benefits_core.queries.content import content_hash
from benefits_core.queries.procedures import current_version
from portal.foundation.audit.domain import digest_of, registered_content
from portal.foundation.audit.frozen import FrozenContent
from portal.foundation.audit.models import AuditEvent
from tests.factories import benefits
from tests.factories.people import UserFactory
from tests.factories.territories import CommuneFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db
AT = benefits.NOW
TODAY = benefits.TODAY
NEXT_WEEK = TODAY + timedelta(days=7)


def verbs_on(row):
    events = AuditEvent.objects.filter(object_type=row._meta.label_lower, object_id=str(row.pk))
    return list(events.order_by("pk").values_list("verb", flat=True))


def publish(version, *, starts_on=TODAY, by=None, at=AT):
    return procedures.publish_version(
        version=version, starts_on=starts_on, seen=content_hash(version), by=by or UserFactory(), at=at
    )


# --- Create


def test_a_procedure_begins_with_an_empty_draft():
    by = UserFactory()

    draft = procedures.create_procedure(key="ingreso", name=benefits.texts("Ingreso", "Entry"), by=by, at=AT)

    assert (draft.number, draft.state, draft.steps.count()) == (1, VersionState.DRAFT, 0)
    assert (draft.procedure.key, draft.procedure.search_name) == ("ingreso", "ingreso entry")
    assert verbs_on(draft.procedure) == ["benefits_core.create_procedure"]


def test_the_button_pressed_twice_creates_one_procedure():
    by = UserFactory()
    first = procedures.create_procedure(key="ingreso", name=benefits.texts("Ingreso"), by=by, at=AT)

    again = procedures.create_procedure(key="ingreso", name=benefits.texts("Ingreso"), by=by, at=AT)

    assert again == first
    assert Procedure.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": "Con Espacios"}, "key"),
        ({"key": "ñandú"}, "key"),
        ({"key": "-x"}, "key"),
        ({"key": ""}, "key"),
        ({"key": "a" * 61}, "key"),
        ({"name": {"en": "Only English"}}, "name_es"),
        ({"name": {"es": "x" * 151}}, "name_es"),
        ({"name": {"es": "con\x00nulo"}}, "name_es"),
        ({"kind": "otro"}, "kind"),
    ],
)
def test_what_cannot_be_a_procedure_is_refused_beside_its_field(changes, field):
    values = {"key": "ingreso", "name": benefits.texts("Ingreso")} | changes

    with pytest.raises(InvalidContent) as refused:
        procedures.create_procedure(**values, by=UserFactory(), at=AT)

    assert refused.value.field == field
    assert not Procedure.objects.exists()


def test_two_procedures_never_share_a_short_name():
    benefits.empty_draft(key="ingreso")

    with pytest.raises(InvalidContent):
        benefits.empty_draft(key="ingreso", name="Otro")


def test_a_place_without_a_municipality_has_no_procedures():
    with pytest.raises(InvalidContent):
        benefits.empty_draft(territory=CommuneFactory())


# --- Draft


def test_a_new_draft_copies_the_version_in_force_and_keeps_the_keys():
    version = benefits.published_version()
    links = [(link.source.key, link.target.key) for link in version.links.all()]

    draft = procedures.open_draft(procedure=version.procedure, by=UserFactory(), at=AT)

    assert (draft.number, draft.copied_from) == (2, version)
    assert [step.key for step in draft.steps.all()] == ["pedir", "revisar", "responder"]
    assert [(link.source.key, link.target.key) for link in draft.links.all()] == links
    assert draft.summary == version.summary
    assert draft.change_note == {}
    assert not set(draft.steps.values_list("pk", flat=True)) & set(version.steps.values_list("pk", flat=True))


def test_a_procedure_has_one_draft_however_often_it_is_opened():
    version = benefits.published_version()
    first = procedures.open_draft(procedure=version.procedure, by=UserFactory(), at=AT)

    assert procedures.open_draft(procedure=version.procedure, by=UserFactory(), at=AT) == first


def test_of_two_editors_the_second_is_told_and_nothing_is_lost():
    draft = benefits.draft_version()
    revision = draft.revision
    procedures.edit_version(
        version=draft, content=benefits.version_content("De Ana"), revision=revision, by=UserFactory(name="Ana"), at=AT
    )

    with pytest.raises(EditConflict, match="Ana") as refused:
        procedures.edit_version(
            version=draft, content=benefits.version_content("De Luis"), revision=revision, by=UserFactory(), at=AT
        )

    assert refused.value.stored.name["es"] == "De Ana"
    assert ProcedureVersion.objects.get(pk=draft.pk).name["es"] == "De Ana"


def test_the_same_text_sent_twice_is_saved_once():
    draft = benefits.draft_version()
    content, revision = benefits.version_content("Otro nombre"), draft.revision
    saved = procedures.edit_version(version=draft, content=content, revision=revision, by=UserFactory(), at=AT)

    again = procedures.edit_version(version=draft, content=content, revision=revision, by=UserFactory(), at=AT)

    assert again.revision == saved.revision == revision + 1


def test_a_draft_is_thrown_away_and_the_version_in_force_stays():
    version = benefits.published_version()
    draft = procedures.open_draft(procedure=version.procedure, by=UserFactory(), at=AT)

    procedures.discard_draft(version=draft, by=UserFactory(), at=AT)

    assert list(version.procedure.versions.all()) == [version]
    assert AuditEvent.objects.get(verb="benefits_core.discard_draft").detail == {"number": 2, "deleted": True}
    with pytest.raises(ClosedToChange):
        procedures.edit_version(version=draft, content=VersionContent({"es": "x"}), revision=1, by=None, at=AT)


def test_the_only_version_is_not_thrown_away():
    with pytest.raises(ClosedToChange):
        procedures.discard_draft(version=benefits.empty_draft(), by=UserFactory(), at=AT)


# --- Publish


def test_a_second_person_publishes():
    draft = benefits.draft_version(by=(writer := UserFactory()))

    with pytest.raises(SecondPersonNeeded):
        publish(draft, by=writer)
    version = publish(draft)

    assert (version.state, version.starts_on) == (VersionState.PUBLISHED, TODAY)
    assert current_version(version.procedure, TODAY) == version
    assert verbs_on(version)[-1] == "benefits_core.publish_version"


def test_the_button_pressed_twice_publishes_once():
    draft, by = benefits.draft_version(), UserFactory()
    seen = content_hash(draft)

    for _time in range(2):
        procedures.publish_version(version=draft, starts_on=TODAY, seen=seen, by=by, at=AT)

    assert verbs_on(draft).count("benefits_core.publish_version") == 1


def test_what_changed_after_it_was_read_is_not_published():
    draft = benefits.draft_version()
    seen = content_hash(draft)
    benefits.add_step(draft, "Archivar")

    with pytest.raises(EditConflict):
        procedures.publish_version(version=draft, starts_on=TODAY, seen=seen, by=UserFactory(), at=AT)


def test_a_draft_with_problems_is_not_published_and_says_which():
    draft = benefits.empty_draft()

    with pytest.raises(NotReady) as refused:
        publish(draft)

    assert "no tiene pasos" in str(refused.value.missing[0])


def test_nothing_is_published_into_the_past():
    with pytest.raises(InvalidContent):
        publish(benefits.draft_version(), starts_on=TODAY - timedelta(days=1))


def test_the_old_version_ends_the_day_that_the_new_one_starts():
    old = benefits.published_version()
    new = publish(benefits.draft_version(of=old.procedure), starts_on=NEXT_WEEK)
    old.refresh_from_db()

    assert (old.state, old.ends_on) == (VersionState.PUBLISHED, NEXT_WEEK)
    assert current_version(old.procedure, NEXT_WEEK - timedelta(days=1)) == old
    assert current_version(old.procedure, NEXT_WEEK) == new

    assert procedures.retire_ended(at=AT) == 0
    assert procedures.retire_ended(at=benefits.noon(NEXT_WEEK)) == 1
    assert procedures.retire_ended(at=benefits.noon(NEXT_WEEK)) == 0
    old.refresh_from_db()
    assert old.state == VersionState.RETIRED


def test_a_version_that_starts_today_retires_the_old_one_today():
    old = benefits.published_version()

    publish(benefits.draft_version(of=old.procedure))

    old.refresh_from_db()
    assert (old.state, old.ends_on) == (VersionState.RETIRED, TODAY)


def test_only_one_version_waits_for_its_day():
    old = benefits.published_version()
    publish(benefits.draft_version(of=old.procedure), starts_on=NEXT_WEEK)
    another = benefits.draft_version(of=old.procedure, steps=("pedir", "otro"))

    with pytest.raises(ClosedToChange):
        publish(another, starts_on=NEXT_WEEK + timedelta(days=1))


def test_published_texts_never_change():
    version = benefits.published_version()
    step = version.steps.first()

    with pytest.raises(ClosedToChange):
        procedures.edit_version(
            version=version,
            content=benefits.version_content("Otro"),
            revision=version.revision,
            by=UserFactory(),
            at=AT,
        )
    version.name = benefits.texts("Otro")
    with pytest.raises(FrozenContent):
        version.save(by_verb=True)
    step.what = benefits.texts("Otro")
    with pytest.raises(FrozenContent):
        step.save(by_verb=True)


def test_a_text_altered_past_the_verbs_shows_in_the_audit():
    version = benefits.published_version()
    event = AuditEvent.objects.filter(object_id=str(version.pk), verb="benefits_core.publish_version").get()
    content = registered_content()["benefits_core.procedureversion"]
    assert event.digest == digest_of(content(version))

    with connection.cursor() as cursor:
        cursor.execute("UPDATE benefits_core_step SET term_amount = 99 WHERE version_id = %s", [version.pk])

    assert event.digest != digest_of(content(version))


def test_the_procedure_is_called_as_its_newest_published_version():
    old = benefits.published_version()
    draft = benefits.draft_version(of=old.procedure)
    draft = procedures.edit_version(
        version=draft,
        content=benefits.version_content("Nombre nuevo"),
        revision=draft.revision,
        by=UserFactory(),
        at=AT,
    )
    assert Procedure.objects.get(pk=old.procedure_id).name == old.name

    publish(draft)

    assert Procedure.objects.get(pk=old.procedure_id).search_name == "nombre nuevo nombre nuevo en"


# --- Call back, end


def test_a_version_that_has_not_begun_is_called_back_and_the_old_one_goes_on():
    old = benefits.published_version()
    new = publish(benefits.draft_version(of=old.procedure), starts_on=NEXT_WEEK)

    draft = procedures.call_back(version=new, by=UserFactory(), at=AT)

    old.refresh_from_db()
    assert (draft.state, draft.starts_on, draft.published_by) == (VersionState.DRAFT, None, None)
    assert (old.state, old.ends_on) == (VersionState.PUBLISHED, None)
    assert publish(draft, starts_on=NEXT_WEEK).state == VersionState.PUBLISHED


def test_a_version_in_force_is_not_called_back():
    with pytest.raises(ClosedToChange):
        procedures.call_back(version=benefits.published_version(), by=UserFactory(), at=AT)


def test_a_procedure_ends_with_a_reason_and_can_begin_again():
    version = benefits.published_version()

    procedures.retire_procedure(
        procedure=version.procedure, ends_on=TODAY, reason="Lo da otra oficina", by=UserFactory(), at=AT
    )

    version.refresh_from_db()
    assert (version.state, version.end_reason) == (VersionState.RETIRED, "Lo da otra oficina")
    assert current_version(version.procedure, TODAY) is None
    assert list(Procedure.objects.current(TODAY)) == []
    again = publish(benefits.draft_version(of=version.procedure))
    assert current_version(version.procedure, TODAY) == again


@pytest.mark.parametrize("changes", [{"reason": " "}, {"ends_on": date(2026, 3, 1)}])
def test_a_procedure_does_not_end_without_reason_or_in_the_past(changes):
    version = benefits.published_version()

    with pytest.raises(InvalidContent):
        procedures.retire_procedure(
            **{
                "procedure": version.procedure,
                "ends_on": TODAY,
                "reason": "Otra oficina",
                "by": UserFactory(),
                "at": AT,
            }
            | changes
        )


def test_a_new_version_takes_the_place_of_a_planned_end():
    version = benefits.published_version()
    procedures.retire_procedure(procedure=version.procedure, ends_on=NEXT_WEEK, reason="Fin", by=UserFactory(), at=AT)

    publish(benefits.draft_version(of=version.procedure), starts_on=TODAY + timedelta(days=2))

    version.refresh_from_db()
    assert (version.ends_on, version.end_reason) == (TODAY + timedelta(days=2), "")


def test_the_day_is_the_one_of_the_municipality():
    """At two in the morning UTC it is still the day before in Chile."""
    version = benefits.draft_version(territory=MunicipalityFactory())
    night = AT.replace(hour=2) + timedelta(days=1)

    assert publish(version, starts_on=TODAY, at=night).is_current(TODAY)
