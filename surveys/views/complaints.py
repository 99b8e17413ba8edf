"""One complaint: its page, its files, and who sent it."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import FormView, View

from portal.foundation.audit.domain import record_look
from portal.foundation.files.domain import record_download
from portal.foundation.files.views import private_download
from portal.foundation.offers.registry import offers_for
from portal.foundation.people.access import Policy
from portal.foundation.receipts.queries import receipt_of
from surveys import rules
from surveys.enums import ComplaintState, EntryKind
from surveys.forms.handling import PurposeForm
from surveys.models import ComplaintFile
from surveys.queries import complaints as reads
from surveys.views.screens import ComplaintMixin, ComplaintScreen


class ComplaintShow(ComplaintScreen):
    """What was said, how far it is, and what can be done next. Each look is recorded."""

    template_name = "surveys/complaint_show.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record_look(
            by=request.user,
            object=self.complaint,
            purpose=gettext("To look after the case"),
            at=timezone.now(),
            territory=self.complaint.territory,
        )
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        complaint, user, at = self.complaint, self.request.user, timezone.now()
        receipt = receipt_of(complaint)
        answered = complaint.state in (ComplaintState.ANSWERED, ComplaintState.CLOSED)
        codings = reads.codings_shown(complaint, user) if complaint.coded_at else []
        return super().get_context_data(
            thread=reads.thread(complaint, public=False),
            files=reads.first_files(complaint),
            codings=codings,
            are_alike=reads.are_alike(codings),
            codes_again=complaint.coded_at and reads.waits_for_second_coding_by(complaint, user),
            expected_on=reads.expected_on(complaint, at) if complaint.is_open else None,
            today=self.today,
            leads=rules.can_lead_complaint(user, complaint),
            sees_who=not complaint.is_anonymous and rules.can_see_who_complained(user, complaint),
            has_contact=bool(receipt and receipt.contact_channel),
            is_answered=answered,
            can_code=answered and not complaint.second_coded_at,
            offers=offers_for("surveys.complaint", complaint, user),
            unsent=EntryKind.UNSENT,
            **kwargs,
        )


class ComplaintFileView(ComplaintMixin, View):
    """A file of the complaint or of its thread, for whoever may read it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        kept = get_object_or_404(
            ComplaintFile.objects.select_related("file__territory"), complaint=self.complaint, pk=kwargs["file"]
        )
        record_download(file=kept.file, by=request.user, at=timezone.now())
        return private_download(kept.file.content, kept.file.name, kept.file.content_type)


class WhoView(ComplaintMixin, FormView):
    """The name of whoever complained: shown once a purpose is given, which is recorded."""

    policy = Policy(roles=rules.READERS, rule=rules.can_see_who_complained)
    template_name = "surveys/complaint_who.html"
    form_class = PurposeForm

    def form_valid(self, form: PurposeForm) -> HttpResponse:
        complaint = self.complaint
        purpose = str(dict(form.fields["purpose"].choices)[form.cleaned_data["purpose"]])  # type: ignore[attr-defined]
        record_look(
            by=self.request.user,
            object=complaint.person or complaint.author or complaint,
            purpose=purpose,
            at=timezone.now(),
            territory=complaint.territory,
        )
        shown = {"name": str(complaint.person or complaint.author or ""), "purpose": purpose}
        response = self.render_to_response(self.get_context_data(form=form, shown=shown))
        response["Cache-Control"] = "no-store"
        return response
