"""Invitations of a survey: whom it can reach, what they will read, and how far the messages are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.foundation.files.domain import FileRefused
from portal.foundation.messages.models import Channel
from portal.foundation.messages.segments import segments
from portal.foundation.people import limits
from portal.foundation.people.access import PUBLIC, Policy, PolicyMixin
from portal.foundation.screens import VerbFormView
from portal.foundation.ui.forms import ConfirmForm
from surveys import rules
from surveys.domain import contacts, mailings
from surveys.enums import RoundState
from surveys.errors import SurveysError
from surveys.forms.contacts import ROW_ERRORS, ContactsForm
from surveys.models import Round, SurveyMailing
from surveys.queries.mailings import Invitations, invitations
from surveys.views.answering import HOUR
from surveys.views.rounds import RoundMixin, RoundVerbView, crumbs_of

REFRESH_SECONDS = "3"
ERRORS_SHOWN = 100
WISHES_PER_HOUR = 60
# In a preview: no code that was ever given.
SAMPLE_CODE, SAMPLE_STOP = "A1B2C3D4E5", "F6G7H8J9K0"
PREVIEWS = (("es", Channel.SMS), ("es", Channel.EMAIL), ("en", Channel.SMS), ("en", Channel.EMAIL))


class SampledMixin(RoundMixin):
    """A round in which people are drawn; a team is asked whole, and invited by nobody."""

    policy = Policy(roles=rules.ROUND_LEADERS, rule=rules.can_lead_round)

    def get_subject(self) -> Round:
        round = super().get_subject()
        if round.asks_everybody:
            raise Http404
        return round

    def standing(self) -> Invitations:
        return invitations(self.subject, self.today, days=mailings.DAYS_BETWEEN, most=mailings.MOST_REMINDERS)


class InvitationsShow(SampledMixin, TemplateView):
    """Contacts and messages by stratum, in numbers alone."""

    template_name = "surveys/invitations.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if self.is_moving:
            response["Refresh"] = REFRESH_SECONDS
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.standing()
        self.is_moving = found.running is not None
        shown = {
            "round": self.subject,
            "found": found,
            "takes_answers": self.subject.takes_answers(self.today),
            "takes_contacts": self.subject.state in (RoundState.DRAFT, RoundState.OPEN),
            "previews": [_preview(self.subject, language, kind) for language, kind in PREVIEWS],
            "days_between": mailings.DAYS_BETWEEN,
            "most_reminders": mailings.MOST_REMINDERS,
            "crumbs": crumbs_of(self.subject),
        }
        return super().get_context_data(**kwargs | shown)


def _preview(round: Round, language: str, kind: str) -> dict[str, Any]:
    subject, text = mailings.text_of(round=round, kind=kind, language=language, code=SAMPLE_CODE, stop=SAMPLE_STOP)
    is_short = kind == Channel.SMS
    return {
        "label": Channel(kind).label,
        "language": language,
        "subject": "" if is_short else subject,
        "text": text,
        "segments": segments(text) if is_short else None,
        "length": len(text),
    }


class InvitationVerbView(SampledMixin, RoundVerbView):
    """Something done with the invitations of a round; back leads to their page."""

    policy = Policy(roles=rules.ROUND_LEADERS, rule=rules.can_lead_round)

    def back(self) -> str:
        return self.subject.get_invitations_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [*crumbs_of(self.subject), (_("Invitations"), self.back())]
        return super().get_context_data(**{"crumbs": crumbs} | kwargs)


class ContactsAdd(InvitationVerbView):
    """A list of contacts; what became of each row is told by its number."""

    form_class = ContactsForm
    refusals = (SurveysError, FileRefused)
    heading = _("Add contacts from a list")
    lead = _("Contacts serve to invite by lot, are joined to no answer, and are erased when the survey closes.")
    submit = _("Add them")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"strata": self.subject.strata.all()}

    def form_valid(self, form: Any) -> HttpResponse:
        said = form.cleaned_data
        try:
            added = contacts.add_contacts(
                round=self.subject,
                content=said["file"].read(contacts.MOST_BYTES + 1),
                channel=said["stratum"].channel if said["stratum"] else "",
                by=self.request.user,
                at=timezone.now(),
            )
        except self.refusals as refusal:
            return self.refuse(form, refusal)
        self.template_name = "surveys/contacts_added.html"
        rows = [(number, ROW_ERRORS[error]) for number, error in added.errors[:ERRORS_SHOWN]]
        response = self.render_to_response(self.get_context_data(added=added, rows=rows, most=ERRORS_SHOWN))
        response["Cache-Control"] = "no-store"
        return response


class ContactsKnown(InvitationVerbView):
    form_class = ConfirmForm
    heading = _("Add contacts that the register knows")
    lead = _("Whoever was served in the last twelve months and has an account of their own is added, by e-mail.")
    submit = _("Add them")

    def perform(self, form: Any, at: datetime) -> contacts.Added:
        return contacts.add_known_contacts(round=self.subject, by=self.request.user, at=at)

    def get_done(self, result: Any) -> str:
        return ngettext("%(count)s contact was added.", "%(count)s contacts were added.", result.added) % {
            "count": result.added
        }


class InvitationsSend(InvitationVerbView):
    heading = _("Send the invitations")
    submit = _("Send them now")
    warning = True

    @property
    def lead(self) -> str:  # type: ignore[override]
        count = self.standing().next
        return ngettext(
            "%(count)s person, drawn by lot, gets a message with a link of their own.",
            "%(count)s people, drawn by lot, get a message with a link of their own.",
            count,
        ) % {"count": count}

    def perform(self, form: Any, at: datetime) -> SurveyMailing:
        return mailings.send_invitations(**self.asked(form, at))

    def get_done(self, result: Any) -> str:
        return gettext("The messages are being written.")


class RemindersSend(InvitationVerbView):
    heading = _("Send a reminder")
    lead = _("It goes to those whose link was not used, with the same link. Nobody sees who they are.")
    submit = _("Send it now")
    done = _("The messages are being written.")
    warning = True

    def perform(self, form: Any, at: datetime) -> SurveyMailing:
        return mailings.send_reminders(**self.asked(form, at))


class OptOutView(PolicyMixin, VerbFormView):
    """No more messages. Asked once more, since programs that look at links must not decide it."""

    policy = PUBLIC
    refusals = (SurveysError,)
    heading = _("Do you want no more messages?")
    lead = _("We will not write to you about any survey again. You need no account, and nothing else changes.")
    submit = _("I want no more messages")

    def form_valid(self, form: Any) -> HttpResponse:
        now = timezone.now()
        address = limits.client_address(self.request)
        if not limits.allow(action="surveys.opt_out", address=address, limit=WISHES_PER_HOUR, window=HOUR, at=now):
            messages.error(self.request, _("Many were sent from your connection. Try again in one hour."))
            return self.form_invalid(form)
        try:
            contacts.opt_out(code=self.kwargs["code"], by=None, at=now)
        except SurveysError as refusal:
            return self.refuse(form, refusal)
        self.template_name = "surveys/opted_out.html"
        return self.render_to_response(self.get_context_data())

    def back(self) -> str:
        return "/"
