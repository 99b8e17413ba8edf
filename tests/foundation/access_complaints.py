"""What test_access.py expects of the addresses of complaints and suggestions. See access_samples.py."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from portal.foundation.people.roles import MUNICIPAL_ROLES, Role
from portal.foundation.territories.models import Territory
from surveys.domain.complaints import Named
from surveys.domain.terms import save_template
from tests.factories import complaints
from tests.factories.people import user_with_role
from tests.foundation.access_kit import EVERYBODY, LEADS_TEAM, NOBODY, SIGNED_IN, STAFF, Expect, Sample

RECORDS = MUNICIPAL_ROLES | {Role.CLERK}


def a_complaint(here: Territory) -> Sample:
    return Sample({"pk": complaints.complaint(here).pk}, (here.name, complaints.TEXT))


def a_named_complaint(here: Territory) -> Sample:
    named = Named("Rosa", "Reclama")
    clerk = user_with_role(Role.TEAM_MEMBER, here)
    made = complaints.complaint(here, channel="counter", by=clerk, named=named)
    return Sample({"pk": made.pk}, (here.name, "Rosa Reclama"))


def a_complaint_with_a_file(here: Territory) -> Sample:
    made = complaints.complaint(here, uploads=[SimpleUploadedFile("foto-secreta.txt", b"uno")])
    return Sample({"pk": made.pk, "file": made.files.get().pk}, ("foto-secreta",))


def a_recorded_complaint(here: Territory) -> Sample:
    made = complaints.complaint(here, channel="counter", by=user_with_role(Role.TEAM_MEMBER, here))
    return Sample({"pk": made.pk}, (here.name,))


def a_municipality(here: Territory) -> Sample:
    return Sample({"slug": here.slug}, (here.name,))


def a_template(here: Territory) -> Sample:
    by = user_with_role(Role.COORDINATOR, here)
    kept = save_template(territory=here, title="Plantilla reservada", found="Vimos que…", by=by, at=complaints.NOW)
    return Sample({"pk": kept.pk}, ("Plantilla reservada",))


def a_quarter(here: Territory) -> Sample:
    return Sample({"slug": here.slug, "year": 2026, "quarter": 1}, (here.name,))


COMPLAINTS: dict[str, Expect] = {
    # complaints: the region reads what reached it, and this one did not
    "surveys:inbox": Expect(MUNICIPAL_ROLES | {Role.REGIONAL_TEAM}),
    "surveys:inbox_csv": Expect(MUNICIPAL_ROLES | {Role.REGIONAL_TEAM}),
    "surveys:inbox_xlsx": Expect(MUNICIPAL_ROLES | {Role.REGIONAL_TEAM}),
    "surveys:complaint": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_file": Expect(MUNICIPAL_ROLES, a_complaint_with_a_file),
    "surveys:complaint_who": Expect(LEADS_TEAM, a_named_complaint),
    "surveys:complaint_acknowledge": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_assign": Expect(LEADS_TEAM, a_complaint),
    "surveys:complaint_classify": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_settle": Expect(LEADS_TEAM, a_complaint),
    "surveys:complaint_lead_elsewhere": Expect(LEADS_TEAM, a_complaint),
    "surveys:complaint_ask": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_message": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_note": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_reply_for": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_answer": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_close": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_code": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:complaint_code_again": Expect(MUNICIPAL_ROLES, a_complaint),
    "surveys:record": Expect(RECORDS),
    "surveys:recorded": Expect(NOBODY, a_recorded_complaint),  # a colleague wrote it down, none of these
    "surveys:handed": Expect(NOBODY, a_recorded_complaint),
    "surveys:terms": Expect(LEADS_TEAM),
    "surveys:set_terms": Expect(LEADS_TEAM, a_municipality),
    "surveys:add_template": Expect(LEADS_TEAM, a_municipality),
    "surveys:edit_template": Expect(LEADS_TEAM, a_template),
    "surveys:retire_template": Expect(LEADS_TEAM, a_template),
    "surveys:figures": Expect(STAFF),
    "surveys:figures_csv": Expect(STAFF),
    "surveys:figures_xlsx": Expect(STAFF),
    "surveys:public_figures": Expect(EVERYBODY, a_municipality, anywhere=True),
    "surveys:public_figures_csv": Expect(EVERYBODY, a_municipality, anywhere=True),
    "surveys:review_list": Expect(STAFF),
    "surveys:review": Expect(STAFF, a_quarter),
    "surveys:review_write": Expect(MUNICIPAL_ROLES, a_quarter),
    # for whoever writes: without a draft or a receipt one is led to the start, or to write the code
    "surveys:start": Expect(EVERYBODY),
    "surveys:begin": Expect(EVERYBODY),
    "surveys:question": Expect(EVERYBODY, lambda here: Sample({"question": "tipo"}), anywhere=True),
    "surveys:remove_file": Expect(EVERYBODY, lambda here: Sample({"pk": 1}), anywhere=True),
    "surveys:check": Expect(EVERYBODY),
    "surveys:send": Expect(EVERYBODY),
    "surveys:sent": Expect(EVERYBODY),
    "surveys:leave": Expect(EVERYBODY),
    "surveys:own": Expect(EVERYBODY),
    "surveys:own_receipt": Expect(EVERYBODY),
    "surveys:own_file": Expect(EVERYBODY, lambda here: Sample({"pk": 1}), anywhere=True),
    "surveys:own_reply": Expect(EVERYBODY),
    "surveys:own_rate": Expect(EVERYBODY),
    "surveys:own_reopen": Expect(EVERYBODY),
    "surveys:own_withdraw": Expect(EVERYBODY),
    "surveys:mine": Expect(SIGNED_IN),
    "surveys:open_mine": Expect(NOBODY, a_complaint),  # nobody here signed in to write it
    "surveys:complaint_agree_coding": Expect(LEADS_TEAM, a_complaint),
}
