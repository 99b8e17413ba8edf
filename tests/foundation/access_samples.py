"""What test_access.py expects of each URL of ours. ADD YOUR URLS HERE, or in a neighbor of your module's.

One line per URL name::

    "quality:assessment_show": Expect(opens=READERS, sample=lambda here: Sample({"pk": …}, texts=("…",))),

``opens``
    who gets the page, **written out independently of the code**: if somebody loosens a policy, this
    table disagrees and the test fails. Use Role members, and SUPERUSER and VISITOR (not signed in).
``sample``
    only for URLs with arguments: builds one object **in the municipality ``here``** and gives the
    URL's kwargs, and texts that nobody from another territory may read in the answer.
``anywhere``
    True where a URL with arguments opens to people of other territories too (a public page).
``query``
    a query string, where the page needs one.

"Gets the page" means 200, 405 (a page that only takes posts) or a redirect to anything but sign-in.
Everybody else must get 403 or 404, and a visitor may be sent to sign in.
"""

from __future__ import annotations

from typing import Any

from plans.models import ImprovementPlan
from portal.foundation.documents import domain as documents
from portal.foundation.documents import registry
from portal.foundation.documents.registry import DocumentKind
from portal.foundation.jobs.models import Job
from portal.foundation.people.models import User
from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from portal.foundation.territories.models import Territory
from quality.domain import assessments
from quality.models import Standard
from tests.factories import plans, quality
from tests.factories.cycles import ParticipationFactory
from tests.factories.people import UserFactory, user_with_role
from tests.foundation.access_attentions import ATTENTIONS
from tests.foundation.access_complaints import COMPLAINTS
from tests.foundation.access_kit import (
    ABOVE,
    ANSWERS,
    AT,
    EVERYBODY,
    INVITES,
    LEADS,
    NOBODY,
    RUNS_CYCLES,
    RUNS_TEAM_MEMBERS,
    SEES_ACCOUNTS,
    SIGNED_IN,
    SIGNS,
    STAFF,
    SUPERUSER,
    WRITES,
    Expect,
    Sample,
)
from tests.foundation.access_open311 import OPEN311
from tests.foundation.access_privacy import PRIVACY
from tests.foundation.access_procedures import PROCEDURES
from tests.foundation.access_rounds import ROUNDS, a_driver
from tests.foundation.access_themes import THEMES


def a_colleague(here: Territory) -> User:
    return user_with_role(Role.TEAM_MEMBER, here, user=UserFactory(name="Rosa Colega", email="rosa@muni.example.cl"))


def a_person(here: Territory) -> Sample:
    return Sample({"pk": a_colleague(here).pk}, ("Rosa Colega", "rosa@muni.example.cl"))


def a_role(here: Territory) -> Sample:
    return Sample({"pk": a_colleague(here).role_assignments.get().pk}, ("Rosa Colega",))


def a_file(here: Territory) -> Sample:
    return Sample({"file_id": quality.StoredFileFactory(territory=here, name="secreto-comunal.txt").pk}, ("secreto",))


STAFF_REPORT = DocumentKind(
    "test.access",
    "Informe reservado",
    "report.typ",
    lambda subject, language: {"title": "Informe reservado", "sections": []},
    lambda user, subject: user.scope.has(*STAFF, at=subject),
)


def a_document(here: Territory) -> Sample:
    registry.unregister(STAFF_REPORT.key)
    registry.register(STAFF_REPORT)
    document = documents.request_document(kind=STAFF_REPORT.key, subject=here, language="es", by=None, at=AT)
    return Sample({"document_id": document.pk}, ("Informe reservado",))


def a_failed_job(here: Territory) -> Sample:
    failed = Job.objects.create(kind="test.failed", state="failed", not_before=AT, created_at=AT, finished_at=AT)
    return Sample({"job_id": failed.pk})


def an_assessment(here: Territory) -> Sample:
    return Sample({"pk": quality.assessment(municipality=here).pk}, (here.name,))


def a_submission(here: Territory) -> Sample:
    return Sample({"pk": quality.submitted_assessment(municipality=here).pk}, (here.name,))


def an_answer(here: Territory) -> Sample:
    return Sample({"pk": quality.assessment(municipality=here).pk, "code": "E01"}, (here.name,))


def an_answer_to_review(here: Territory) -> Sample:
    made = quality.submitted_assessment(municipality=here, levels={"E01": None})
    return Sample({"pk": made.pk, "code": "E01"}, (here.name,))


def a_piece_of_evidence(here: Territory) -> Sample:
    draft = quality.assessment(municipality=here)
    given = quality.evidence(quality.answer(draft, Standard.objects.get(code="E01")))
    return Sample({"pk": given.answer.assessment_id, "evidence_id": given.pk}, (here.name,))


def a_participant(here: Territory) -> Sample:
    made = quality.assessment(municipality=here)
    by = user_with_role(Role.TEAM_MEMBER, here)
    named = assessments.add_participant(
        assessment=made, name="Rosa Participa", position="Vecina", kind="team", by=by, at=quality.NOW
    )
    return Sample({"pk": made.pk, "participant_id": named.pk}, (here.name, "Rosa Participa"))


def a_standard(here: Territory) -> Sample:
    version = quality.small_catalogue()
    names = [{"value": value, "name": quality.texts(f"Nivel {value}")} for value in range(4)]
    version.meta = {"scale": {"levels": names, "met_at": 2, "consolidated_at": 3}, "frameworks": {}}
    version.save(update_fields=["meta"])
    return Sample({"code": "E01"})


def a_catalogue(here: Territory) -> Sample:
    quality.small_catalogue()
    return Sample({})


def gaps(here: Territory) -> Sample:
    made = quality.submitted_assessment(municipality=here)
    return Sample({"year": made.cycle.year, "municipality": here.slug}, (here.name,))


def _draft(here: Territory) -> ImprovementPlan:
    return plans.draft_plan(municipality=here, cycle=quality.submitted_assessment(municipality=here).cycle)


def a_plan(here: Territory) -> Sample:
    return Sample({"pk": _draft(here).pk}, (here.name,))


def a_line(here: Territory) -> Sample:
    line = plans.add_line(_draft(here))
    return Sample({"pk": line.pk}, (here.name, line.title))


def a_component_to_review(here: Territory) -> Sample:
    return Sample({"pk": quality.submitted_assessment(municipality=here).pk, "code": "C1"}, (here.name,))


def a_place(here: Territory) -> Sample:
    participation = quality.submitted_assessment(municipality=here).municipality.participations.get()
    return Sample({"pk": participation.pk}, (here.name,))


def a_gap(here: Territory) -> Sample:
    made = quality.submitted_assessment(municipality=here)
    return Sample({"pk": made.municipality.level_records.first().pk}, (here.name,))


def a_proposed_plan(here: Territory) -> Sample:
    plan = plans.proposed_plan(plan=_draft(here))
    return Sample({"pk": plan.pk}, (here.name, plan.content_hash))


def a_plan_in_force(here: Territory) -> Sample:
    return Sample({"pk": plans.plan_in_force(plan=_draft(here)).pk}, (here.name,))


def two_years(here: Territory) -> Sample:
    plan = _draft(here)
    return Sample({"pk": plan.pk, "earlier": plan.pk}, (here.name,))


def a_plan_open_to_comment(here: Territory) -> Sample:
    return Sample({"pk": plans.plan_open_to_comment(plan=_draft(here)).pk}, (here.name,))


def a_comment(here: Territory) -> Sample:
    return Sample({"pk": plans.comment_on(plans.plan_open_to_comment(plan=_draft(here))).pk}, ("Falta una rampa",))


def a_milestone(here: Territory) -> Sample:
    line = plans.add_line(_draft(here))
    return Sample({"pk": plans.milestone_of(line).pk}, (here.name, line.title))


def a_year(here: Territory) -> Sample:
    return Sample({"year": ParticipationFactory(municipality=here, cycle__year=2026).cycle.year})


def a_participation(here: Territory) -> Sample:
    return Sample({"pk": ParticipationFactory(municipality=here).pk}, (here.name,))


EXPECTED: dict[str, Expect] = {
    # people
    "people:list": Expect(SEES_ACCOUNTS),
    "people:show": Expect(SEES_ACCOUNTS, a_person),
    "people:invite": Expect(INVITES),
    "people:assign": Expect(INVITES, a_person),
    "people:deactivate": Expect(RUNS_TEAM_MEMBERS, a_person),
    "people:reset_second_factor": Expect(RUNS_TEAM_MEMBERS, a_person),
    "people:end_role": Expect(RUNS_TEAM_MEMBERS, a_role),
    "people:stand_in": Expect(RUNS_TEAM_MEMBERS, a_role),
    "people:invite_again": Expect(RUNS_TEAM_MEMBERS, a_role),
    "people:own_account": Expect(SIGNED_IN),
    "totp_qr": Expect(SIGNED_IN),
    "account_start": Expect(SIGNED_IN),
    "account_logout": Expect(EVERYBODY),
    # other packages' sign-in pages: visitors are led to ours, users are refused
    "cms_sign_in": Expect(NOBODY),
    "administration_sign_in": Expect(NOBODY),
    "pages_sign_in": Expect(NOBODY),
    # files, documents, ui
    "files:download": Expect(STAFF, a_file),
    "documents:show": Expect(STAFF, a_document),
    "documents:download": Expect(NOBODY, a_document),  # not produced yet: nobody finds it
    "ui:style_guide": Expect(EVERYBODY),
    # dashboards
    "dashboards:audit_heads": Expect(EVERYBODY),
    "dashboards:audit_events": Expect(frozenset({Role.NATIONAL_TEAM})),
    "dashboards:failures": Expect(frozenset({Role.NATIONAL_TEAM})),
    "dashboards:retry": Expect(frozenset({Role.NATIONAL_TEAM}), a_failed_job),
    "dashboards:cycle_list": Expect(ABOVE),
    "dashboards:cycle_create": Expect(RUNS_CYCLES),
    "dashboards:cycle_show": Expect(ABOVE, a_year, anywhere=True),
    "dashboards:cycle_change": Expect(RUNS_CYCLES, a_year),
    "dashboards:cycle_open": Expect(RUNS_CYCLES, a_year),
    "dashboards:cycle_close": Expect(RUNS_CYCLES, a_year),
    "dashboards:cycle_reopen": Expect(RUNS_CYCLES, a_year),
    "dashboards:cycle_enroll": Expect(RUNS_CYCLES, a_year),
    "dashboards:cycle_enroll_many": Expect(RUNS_CYCLES, a_year),
    "dashboards:cycle_copy": Expect(RUNS_CYCLES, a_year),
    "dashboards:participation_status": Expect(RUNS_CYCLES, a_participation),
    # quality
    "quality:assessment_start": Expect(STAFF),
    "quality:assessment_show": Expect(STAFF, an_assessment),
    "quality:assessment_list": Expect(frozenset({Role.REGIONAL_TEAM, Role.NATIONAL_TEAM})),
    "quality:assessment_open": Expect(ANSWERS, a_place),
    "quality:assessment_versions": Expect(STAFF, an_assessment),
    "quality:assessment_report": Expect(STAFF, an_assessment),
    "quality:assessment_xlsx": Expect(STAFF, an_assessment),
    "quality:assessment_tasks": Expect(ANSWERS, an_assessment),
    "quality:assessment_answer": Expect(ANSWERS, an_answer),
    "quality:assessment_history": Expect(STAFF, an_answer),
    "quality:assessment_remove_evidence": Expect(ANSWERS, a_piece_of_evidence),
    "quality:assessment_context": Expect(ANSWERS, an_assessment),
    "quality:assessment_participants": Expect(ANSWERS, an_assessment),
    "quality:assessment_remove_participant": Expect(ANSWERS, a_participant),
    "quality:assessment_check": Expect(MUNICIPAL_ROLES, an_assessment),
    "quality:assessment_submit": Expect(frozenset({Role.COORDINATOR, Role.DIDECO}), an_assessment),
    "quality:assessment_submitted": Expect(MUNICIPAL_ROLES, a_submission),
    "quality:assessment_correct": Expect(ANSWERS, a_submission),
    "quality:assessment_review": Expect(frozenset({Role.REGIONAL_TEAM}), a_submission),
    "quality:assessment_finish_review": Expect(frozenset({Role.REGIONAL_TEAM}), a_submission),
    "quality:assessment_review_component": Expect(frozenset({Role.REGIONAL_TEAM}), a_component_to_review),
    "quality:assessment_not_applicable": Expect(frozenset({Role.REGIONAL_TEAM}), an_answer_to_review),
    "quality:assessment_return": Expect(frozenset({Role.REGIONAL_TEAM}), a_submission),
    "quality:catalogue": Expect(EVERYBODY, a_catalogue, anywhere=True),
    "quality:catalogue_yaml": Expect(EVERYBODY, a_catalogue, anywhere=True),
    "quality:standard": Expect(EVERYBODY, a_standard, anywhere=True),
    "quality:gap_list": Expect(STAFF),
    "quality:gap_report": Expect(STAFF, gaps),
    "quality:gap_trace": Expect(STAFF, gaps),
    "quality:gap_csv": Expect(STAFF, gaps),
    "quality:gap_xlsx": Expect(STAFF, gaps),
    "quality:gap_document": Expect(STAFF, gaps),
    "quality:catalogue_xlsx": Expect(EVERYBODY, a_catalogue, anywhere=True),
    "dashboards:tasks": Expect(SIGNED_IN),
    "dashboards:heatmap": Expect(STAFF),
    "dashboards:heatmap_csv": Expect(STAFF),
    "dashboards:heatmap_xlsx": Expect(STAFF),
    "dashboards:heatmap_png": Expect(STAFF),
    "dashboards:heatmap_overview": Expect(STAFF),
    **ATTENTIONS,
    **COMPLAINTS,
    **THEMES,
    **ROUNDS,
    **OPEN311,
    **PRIVACY,
    **PROCEDURES,
    # plans
    "plans:start": Expect(STAFF),
    "plans:open": Expect(WRITES, a_place),
    "plans:escalated": Expect(ABOVE),
    "plans:draw_from_gap": Expect(WRITES, a_gap),
    "plans:draw_from_cause": Expect(WRITES, lambda here: Sample({"reference": f"{here.pk}:2026-1:staffing:-"})),
    "plans:draw_from_driver": Expect(WRITES, a_driver),
    "plans:plan": Expect(STAFF, a_plan),
    "plans:summary": Expect(WRITES, a_plan),
    "plans:propose": Expect(LEADS, a_plan),
    "plans:sign": Expect(SIGNS, a_proposed_plan),
    "plans:return": Expect(SIGNS, a_proposed_plan),
    "plans:amend": Expect(LEADS, a_plan_in_force),
    "plans:discard": Expect(LEADS, a_plan),
    "plans:carry_over": Expect(LEADS, two_years),
    "plans:pdf": Expect(STAFF, a_plan),
    "plans:xlsx": Expect(STAFF, a_plan),
    "plans:comments": Expect(STAFF, a_plan),
    "plans:comments_open": Expect(LEADS, a_plan),
    "plans:comments_close": Expect(LEADS, a_plan),
    "plans:comment": Expect(EVERYBODY, a_plan_open_to_comment, anywhere=True),
    "plans:comment_sent": Expect(EVERYBODY, a_plan_open_to_comment, anywhere=True),
    "plans:comment_publish": Expect(LEADS, a_comment),
    "plans:comment_hide": Expect(LEADS, a_comment),
    "plans:comment_answer": Expect(WRITES, a_comment),
    "plans:sources": Expect(WRITES, a_plan),
    "plans:action_add": Expect(WRITES, a_plan),
    "plans:action": Expect(STAFF, a_line),
    "plans:action_edit": Expect(WRITES, a_line),
    "plans:action_remove": Expect(WRITES, a_line),
    "plans:action_start": Expect(WRITES, a_line),
    "plans:action_progress": Expect(WRITES, a_line),
    "plans:evidence_add": Expect(WRITES, a_line),
    "plans:action_finish": Expect(WRITES, a_line),
    "plans:action_verify": Expect(frozenset({Role.REGIONAL_TEAM}), a_line),
    "plans:action_effect": Expect(WRITES, a_line),
    "plans:action_defer": Expect(LEADS, a_line),
    "plans:action_pdf": Expect(STAFF, a_line),
    "plans:milestone_add": Expect(WRITES, a_line),
    "plans:milestone_remove": Expect(WRITES, a_milestone),
    "plans:milestone_reach": Expect(WRITES, a_milestone),
    "plans:report": Expect(STAFF, a_plan),
    "plans:report_submit": Expect(LEADS, a_plan_in_force),
    "plans:report_pdf": Expect(STAFF, a_plan),
    "plans:publication_add": Expect(LEADS, a_plan_in_force),
    "plans:close": Expect(LEADS, a_plan_in_force),
}

# Pages of other packages outside /cms/ and /django-admin/ (see portal/foundation/people/third_party.py).
THIRD_PARTY: dict[str, Expect] = {
    "account_login": Expect(EVERYBODY),
    "account_signup": Expect(EVERYBODY),
    "account_inactive": Expect(EVERYBODY),
    "account_reset_password": Expect(EVERYBODY),
    "account_reset_password_done": Expect(EVERYBODY),
    "account_reset_password_from_key": Expect(
        EVERYBODY, lambda here: Sample({"uidb36": "1", "key": "not-a-key"}), anywhere=True
    ),
    "account_reset_password_from_key_done": Expect(EVERYBODY),
    "mfa_authenticate": Expect(SIGNED_IN),  # who is signed in already is led onwards
    "account_reauthenticate": Expect(SIGNED_IN),
    "account_change_password": Expect(SIGNED_IN),
    "mfa_index": Expect(SIGNED_IN),
    "mfa_reauthenticate": Expect(SIGNED_IN),
    "mfa_activate_totp": Expect(SIGNED_IN),
    "mfa_deactivate_totp": Expect(SIGNED_IN),
    "mfa_view_recovery_codes": Expect(SIGNED_IN),
    "mfa_generate_recovery_codes": Expect(SIGNED_IN),
    "mfa_download_recovery_codes": Expect(SIGNED_IN),
    "wagtailcore_authenticate_with_password": Expect(
        NOBODY, lambda here: Sample({"page_view_restriction_id": 999999, "page_id": 999999})
    ),
    "wagtailcore_login": Expect(NOBODY),
    "wagtail_serve": Expect(EVERYBODY, lambda here: Sample({"path": ""}), anywhere=True),
}

# Who is let in to each area of another package (and nobody else, on any page of it).
AREAS: dict[str, frozenset[Any]] = {
    "cms/": frozenset({Role.EDITOR, Role.NATIONAL_TEAM, SUPERUSER}),
    "django-admin/": frozenset({SUPERUSER}),
}
PUBLIC_IN_AREAS = frozenset({"wagtailadmin_sprite", "wagtailadmin_javascript_catalog", "admin:logout"})
