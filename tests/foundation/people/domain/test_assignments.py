"""Roles given, lent and ended: who may, where, and when."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from portal.foundation.audit.models import AuditEvent
from portal.foundation.audit.verification import Problem, verify
from portal.foundation.people.domain.assignments import appoint_stand_in, assign_role, end_role
from portal.foundation.people.domain.users import (
    change_own_account,
    create_user,
    deactivate_user,
    invite_user,
    reset_second_factor,
)
from portal.foundation.people.errors import AccountInUse, PeopleError
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role
from tests.factories.people import PASSWORD, UserFactory, user_with_role, with_second_factor
from tests.factories.territories import CommuneFactory, CountryFactory, MunicipalityFactory

pytestmark = pytest.mark.django_db

AT = datetime(2026, 4, 1, 15, tzinfo=UTC)
TODAY = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def first_of_april():
    with time_machine.travel(AT, tick=False):
        yield


def give(by: User, role: Role, territory, user: User | None = None, **fields) -> RoleAssignment:
    return assign_role(
        user=user or UserFactory(), role=role, territory=territory, starts_on=TODAY, by=by, at=AT, **fields
    )


def place_of(role: Role, municipality):
    return {Role.NATIONAL_TEAM: CountryFactory(), Role.REGIONAL_TEAM: municipality.region}.get(role, municipality)


@pytest.mark.parametrize("actor", list(Role))
@pytest.mark.parametrize("granted", list(Role))
def test_who_gives_what_in_the_own_place(actor: Role, granted: Role) -> None:
    allowed = {
        Role.COORDINATOR: {Role.TEAM_MEMBER},
        Role.REGIONAL_TEAM: {Role.COORDINATOR, Role.DIDECO},
        Role.NATIONAL_TEAM: set(Role),
    }
    municipality = MunicipalityFactory()
    by = user_with_role(actor, place_of(actor, municipality))

    try:
        given = give(by, granted, place_of(granted, municipality))
    except PeopleError:
        given = None

    assert (given is not None) == (granted in allowed.get(actor, set()))


@pytest.mark.parametrize(
    "actor, granted", [(Role.COORDINATOR, Role.TEAM_MEMBER), (Role.REGIONAL_TEAM, Role.COORDINATOR)]
)
def test_nobody_gives_roles_in_another_place(actor: Role, granted: Role) -> None:
    by = user_with_role(actor, place_of(actor, MunicipalityFactory()))

    with pytest.raises(PeopleError, match="no puede dar ese rol"):
        give(by, granted, MunicipalityFactory())


def test_superuser_gives_the_first_national_role() -> None:
    by = UserFactory(is_superuser=True)

    assert give(by, Role.NATIONAL_TEAM, CountryFactory()).role == Role.NATIONAL_TEAM


@pytest.mark.parametrize(
    "role, territory",
    [
        (Role.TEAM_MEMBER, CommuneFactory),
        (Role.TEAM_MEMBER, CountryFactory),
        (Role.COORDINATOR, lambda: MunicipalityFactory().region),
        (Role.REGIONAL_TEAM, MunicipalityFactory),
        (Role.REGIONAL_TEAM, CountryFactory),
        (Role.NATIONAL_TEAM, MunicipalityFactory),
        (Role.DIDECO, lambda: None),
    ],
)
def test_a_role_is_held_at_its_kind_of_place_only(role: Role, territory) -> None:
    with pytest.raises(PeopleError, match="no corresponde a ese lugar"):
        assign_role(user=UserFactory(), role=role, territory=territory(), starts_on=TODAY, by=None, at=AT)


def test_database_refuses_a_staff_role_without_place() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleAssignment.objects.create(user=UserFactory(), role=Role.DIDECO, starts_on=TODAY)


def test_a_role_is_not_held_twice_at_once_but_may_follow_itself() -> None:
    municipality, user = MunicipalityFactory(), UserFactory()
    assign_role(
        user=user, role=Role.DIDECO, territory=municipality, starts_on=TODAY, ends_on=date(2026, 6, 30), by=None, at=AT
    )

    with pytest.raises(PeopleError, match="ya tiene ese rol"):
        assign_role(user=user, role=Role.DIDECO, territory=municipality, starts_on=date(2026, 6, 30), by=None, at=AT)
    later = assign_role(user=user, role=Role.DIDECO, territory=municipality, starts_on=date(2026, 7, 1), by=None, at=AT)

    assert later.starts_on == date(2026, 7, 1)


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(PeopleError, match="anterior al primero"):
        assign_role(
            user=UserFactory(),
            role=Role.CITIZEN,
            territory=None,
            starts_on=TODAY,
            ends_on=date(2026, 3, 31),
            by=None,
            at=AT,
        )


def test_giving_a_role_is_audited_without_names() -> None:
    by, user, municipality = UserFactory(is_superuser=True), UserFactory(name="Rosa Díaz"), MunicipalityFactory()

    give(by, Role.TEAM_MEMBER, municipality, user)

    event = AuditEvent.objects.get(verb="people.assign_role")
    assert (event.by_user_id, event.territory_code) == (by.pk, municipality.code)
    assert event.detail == {
        "role": "team_member",
        "user": user.pk,
        "from": "2026-04-01",
        "to": None,
        "stand_in_for": None,
    }
    assert "Rosa" not in str(event.detail)


def test_ended_role_is_in_force_on_its_last_day_only_until_then() -> None:
    municipality = MunicipalityFactory()
    assignment = user_with_role(Role.TEAM_MEMBER, municipality).role_assignments.get()
    by = user_with_role(Role.COORDINATOR, municipality)

    end_role(assignment=assignment, on=TODAY, reason="Cambio de trabajo", by=by, at=AT)

    assert User.objects.get(pk=assignment.user_id).scope.has(Role.TEAM_MEMBER, at=municipality)
    with time_machine.travel(datetime(2026, 4, 2, 15, tzinfo=UTC)):
        assert not User.objects.get(pk=assignment.user_id).scope.has(Role.TEAM_MEMBER)


def test_ending_needs_a_reason_and_a_role_that_is_not_over() -> None:
    assignment = user_with_role(Role.DIDECO, MunicipalityFactory(), ends_on=date(2026, 3, 1)).role_assignments.get()

    with pytest.raises(PeopleError, match="motivo"):
        end_role(assignment=assignment, on=TODAY, reason=" ", by=None, at=AT)
    with pytest.raises(PeopleError, match="ya terminó"):
        end_role(assignment=assignment, on=TODAY, reason="Renuncia", by=None, at=AT)


def test_coordinator_does_not_end_the_role_of_dideco() -> None:
    municipality = MunicipalityFactory()
    assignment = user_with_role(Role.DIDECO, municipality).role_assignments.get()

    with pytest.raises(PeopleError, match="no puede terminar"):
        end_role(assignment=assignment, on=TODAY, reason="x", by=user_with_role(Role.COORDINATOR, municipality), at=AT)


def test_role_that_would_begin_later_never_begins() -> None:
    assignment = user_with_role(Role.DIDECO, MunicipalityFactory(), starts_on=date(2026, 5, 1)).role_assignments.get()

    end_role(assignment=assignment, on=TODAY, reason="No asumió", by=None, at=AT)

    assert not RoleAssignment.objects.filter(user=assignment.user_id).exists()
    assert AuditEvent.objects.filter(verb="people.withdraw_role").count() == 1


# --- Stand-ins


def stand_in(assignment: RoleAssignment, by: User | None = None, **fields) -> RoleAssignment:
    colleague = user_with_role(Role.TEAM_MEMBER, assignment.territory)
    values = {"stand_in": colleague, "starts_on": TODAY, "ends_on": date(2026, 4, 15), "reason": "Feriado legal"}
    return appoint_stand_in(assignment=assignment, by=by, at=AT, **{**values, **fields})


@pytest.fixture
def dideco() -> RoleAssignment:
    return user_with_role(Role.DIDECO, MunicipalityFactory()).role_assignments.get()


def test_stand_in_holds_the_role_between_the_days(dideco: RoleAssignment) -> None:
    made = stand_in(dideco, by=dideco.user)

    assert User.objects.get(pk=made.user_id).scope.matching(Role.DIDECO)[0].stand_in_for_id == dideco.user_id
    with time_machine.travel(datetime(2026, 4, 16, 15, tzinfo=UTC)):
        assert not User.objects.get(pk=made.user_id).scope.has(Role.DIDECO)


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"reason": " "}, "motivo"),
        ({"ends_on": date(2027, 4, 3)}, "un año"),
        ({"ends_on": date(2026, 3, 31)}, "anterior al primero"),
        ({"starts_on": date(2019, 1, 1)}, "dentro de los días"),
    ],
)
def test_stand_in_is_dated_and_explained(dideco: RoleAssignment, fields: dict, message: str) -> None:
    with pytest.raises(PeopleError, match=message):
        stand_in(dideco, **fields)


def test_nobody_stands_in_for_himself_nor_for_a_stand_in(dideco: RoleAssignment) -> None:
    with pytest.raises(PeopleError, match="a sí mismo"):
        stand_in(dideco, stand_in=dideco.user)
    with pytest.raises(PeopleError, match="no puede ser subrogado"):
        stand_in(stand_in(dideco))


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.APPLICANT, Role.CLERK, Role.PROVIDER, None])
def test_only_the_staff_stands_in(dideco: RoleAssignment, role: Role | None) -> None:
    stranger = user_with_role(role, dideco.territory) if role else UserFactory()

    with pytest.raises(PeopleError, match="quien trabaje ahí"):
        stand_in(dideco, stand_in=stranger)


def test_who_stands_in_works_there_or_above(dideco: RoleAssignment) -> None:
    elsewhere = user_with_role(Role.COORDINATOR, MunicipalityFactory())
    above = user_with_role(Role.REGIONAL_TEAM, dideco.territory.region)
    over = user_with_role(Role.TEAM_MEMBER, dideco.territory, ends_on=date(2026, 3, 31))
    lent = user_with_role(Role.COORDINATOR, dideco.territory, stand_in_for=UserFactory(), ends_on=date(2026, 12, 31))

    for refused in (elsewhere, over, lent):
        with pytest.raises(PeopleError, match="quien trabaje ahí"):
            stand_in(dideco, stand_in=refused)
    assert stand_in(dideco, stand_in=above).role == Role.DIDECO


def test_whoever_has_a_stand_in_takes_the_place_again(dideco: RoleAssignment) -> None:
    made = stand_in(dideco, by=dideco.user)

    with pytest.raises(PeopleError):  # one's own role is not one's own to end
        end_role(assignment=dideco, on=TODAY, reason="Vuelvo", by=dideco.user, at=AT)
    end_role(assignment=made, on=TODAY, reason="Volví antes", by=dideco.user, at=AT)

    made.refresh_from_db()
    assert made.ends_on == TODAY


def test_team_member_cannot_name_a_stand_in_for_dideco(dideco: RoleAssignment) -> None:
    by = user_with_role(Role.TEAM_MEMBER, dideco.territory)

    with pytest.raises(PeopleError, match="no puede nombrar"):
        stand_in(dideco, by=by)


def test_stand_in_ends_with_the_role(dideco: RoleAssignment) -> None:
    made = stand_in(dideco)

    end_role(assignment=dideco, on=date(2026, 4, 5), reason="Renuncia", by=None, at=AT)

    made.refresh_from_db()
    assert (made.ends_on, made.reason) == (date(2026, 4, 5), "Feriado legal")


# --- Invitations and accounts


def invite(by: User, municipality, django_capture_on_commit_callbacks, **fields) -> RoleAssignment:
    values = {
        "email": " Rosa@Example.cl ",
        "name": "Rosa Díaz",
        "language": "es",
        "role": Role.TEAM_MEMBER,
        "territory": municipality,
        "starts_on": TODAY,
    }
    with django_capture_on_commit_callbacks(execute=True):
        return invite_user(by=by, at=AT, **{**values, **fields})


def test_invited_person_gets_a_link_to_set_a_password(django_capture_on_commit_callbacks) -> None:
    municipality = MunicipalityFactory(name="Quirihue")
    by = user_with_role(Role.COORDINATOR, municipality)

    invite(by, municipality, django_capture_on_commit_callbacks)

    user = User.objects.get(email="rosa@example.cl")
    assert not user.has_usable_password()
    assert [message.to for message in mail.outbox] == [["rosa@example.cl"]]
    assert "Integrante del equipo comunal · Quirihue" in mail.outbox[0].body
    assert "/cuenta/clave/nueva/" in mail.outbox[0].body


def test_who_has_an_account_keeps_name_and_password(django_capture_on_commit_callbacks) -> None:
    municipality = MunicipalityFactory()
    user = UserFactory(email="rosa@example.cl", name="Rosa Verdadera")

    by = user_with_role(Role.COORDINATOR, municipality)
    with pytest.raises(AccountInUse):
        invite(by, municipality, django_capture_on_commit_callbacks, name="Otra")
    invite(by, municipality, django_capture_on_commit_callbacks, name="Otra", confirmed=user.pk)

    user.refresh_from_db()
    assert user.name == "Rosa Verdadera"
    assert user.check_password(PASSWORD)
    assert "/cuenta/clave/nueva/" not in mail.outbox[0].body


def test_refused_invitation_leaves_nothing(django_capture_on_commit_callbacks) -> None:
    by = user_with_role(Role.COORDINATOR, MunicipalityFactory())

    with pytest.raises(PeopleError):
        invite(by, MunicipalityFactory(), django_capture_on_commit_callbacks)

    assert not User.objects.filter(email="rosa@example.cl").exists()
    assert mail.outbox == []


def test_closed_account_is_not_invited(django_capture_on_commit_callbacks) -> None:
    municipality = MunicipalityFactory()
    UserFactory(email="rosa@example.cl", is_active=False)

    with pytest.raises(PeopleError, match="cerrada"):
        invite(user_with_role(Role.COORDINATOR, municipality), municipality, django_capture_on_commit_callbacks)


def test_an_email_has_one_account() -> None:
    create_user(email="Ana@example.cl", name="Ana", by=None, at=AT)

    with pytest.raises(PeopleError, match="ya tiene cuenta"):
        create_user(email="ana@EXAMPLE.cl", name="Ana", by=None, at=AT)


def test_closing_an_account_ends_its_roles() -> None:
    municipality = MunicipalityFactory()
    user = user_with_role(Role.TEAM_MEMBER, municipality)
    by = user_with_role(Role.COORDINATOR, municipality)

    deactivate_user(user=user, reason="Renuncia", on=TODAY, by=by, at=AT)

    user.refresh_from_db()
    assert user.is_active is False
    assert list(user.role_assignments.values_list("ends_on", flat=True)) == [TODAY]


@pytest.mark.parametrize("verb", ["deactivate", "reset"])
def test_account_with_a_role_elsewhere_is_not_the_coordinators_to_manage(verb: str) -> None:
    municipality = MunicipalityFactory()
    user = user_with_role(Role.TEAM_MEMBER, municipality)
    user_with_role(Role.TEAM_MEMBER, MunicipalityFactory(), user=user)
    with_second_factor(user)
    by = user_with_role(Role.COORDINATOR, municipality)

    with pytest.raises(PeopleError, match="no puede administrar"):
        if verb == "deactivate":
            deactivate_user(user=user, reason="x", on=TODAY, by=by, at=AT)
        else:
            reset_second_factor(user=user, by=by, at=AT)

    user.refresh_from_db()
    assert user.is_active
    assert user.authenticator_set.count() == 1


def test_national_team_does_not_close_a_superuser_nor_itself() -> None:
    by = user_with_role(Role.NATIONAL_TEAM, CountryFactory())

    for account in (UserFactory(is_superuser=True), by):
        with pytest.raises(PeopleError):
            deactivate_user(user=account, reason="x", on=TODAY, by=by, at=AT)


def test_reset_second_factor_forgets_it_and_says_so() -> None:
    municipality = MunicipalityFactory()
    user = user_with_role(Role.TEAM_MEMBER, municipality)
    with_second_factor(user)

    reset_second_factor(user=user, by=user_with_role(Role.COORDINATOR, municipality), at=AT)

    assert user.authenticator_set.count() == 0
    assert AuditEvent.objects.filter(verb="people.reset_second_factor", object_id=str(user.pk)).count() == 1


def test_own_account_is_changed_by_its_owner() -> None:
    user = UserFactory()

    change_own_account(name=" Ana Soto ", language="en", by=user, at=AT)

    user.refresh_from_db()
    assert (user.name, user.language) == ("Ana Soto", "en")


# --- The content system's groups follow the roles


def groups(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def test_cms_groups_follow_the_roles() -> None:
    by, user = UserFactory(is_superuser=True), UserFactory()

    editor = give(by, Role.EDITOR, CountryFactory(), user)
    assert groups(user) == {"Editors"}
    give(by, Role.NATIONAL_TEAM, CountryFactory(), user)
    assert groups(user) == {"Editors", "Moderators"}
    assert User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
    deactivate_user(user=user, reason="x", on=TODAY, by=by, at=AT)

    assert editor.user_id == user.pk
    assert groups(user) == set()


def test_municipal_roles_open_no_cms() -> None:
    user = UserFactory()

    give(UserFactory(is_superuser=True), Role.COORDINATOR, MunicipalityFactory(), user)

    assert groups(user) == set()


def test_a_role_given_or_changed_by_sql_is_told_by_name() -> None:
    municipality = MunicipalityFactory(name="Comuna Sellada")
    given = assign_role(
        user=UserFactory(name="Rosa Díaz"),
        role=Role.TEAM_MEMBER,
        territory=municipality,
        starts_on=TODAY,
        by=None,
        at=AT,
    )
    RoleAssignment.objects.filter(pk=given.pk).update(role=Role.COORDINATOR)
    slipped_in = user_with_role(Role.DIDECO, municipality).role_assignments.get()

    found = [(finding.problem, finding.where, finding.detail) for finding in verify(at=AT)]

    assert found == [
        (Problem.OBJECT_ALTERED, f"people.roleassignment:{given.pk}", "role"),
        (Problem.OBJECT_UNRECORDED, f"people.roleassignment:{slipped_in.pk}", ""),
    ]
    assert "Rosa Díaz · Encargado o encargada comunal · Comuna Sellada" in str(verify(at=AT)[0])
