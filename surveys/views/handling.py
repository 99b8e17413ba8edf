"""What the team does with a complaint: one screen for each verb."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.foundation.people.access import Policy
from surveys import rules
from surveys.domain import answers, assignments, coding, complaints, thread
from surveys.domain.answers import AnswerContent
from surveys.enums import CodingRound, ComplaintState
from surveys.errors import ComplaintConflict
from surveys.forms.handling import (
    AnswerForm,
    AssignForm,
    ClassifyForm,
    CodingForm,
    MessageForm,
    NoteForm,
    QuestionForm,
    ReplyForPersonForm,
    RouteForm,
    SettleForm,
)
from surveys.models import ComplaintCoding, ComplaintEntry
from surveys.queries import complaints as reads
from surveys.queries.terms import templates_for
from surveys.views.screens import ComplaintVerbView

LEADS = Policy(roles=rules.LEADERS, rule=rules.can_lead_complaint)


class AcknowledgeView(ComplaintVerbView):
    heading = _("The receipt was handed over")
    lead = _("Note here that the person has the code and the four words, by letter or in the hand.")
    submit = _("It was handed over")
    done = _("Noted.")

    def perform(self, form: Any, at: datetime) -> Any:
        return complaints.acknowledge(complaint=self.complaint, by=self.request.user, at=at)


class AssignView(ComplaintVerbView):
    policy = LEADS
    form_class = AssignForm
    heading = _("Put somebody in charge")
    lead = _("The person whom it is about is not in this list.")
    submit = _("Put in charge")
    done = _("The person in charge has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"complaint": self.complaint, "at": timezone.now()}

    def get_initial(self) -> dict[str, Any]:
        return {"to": self.complaint.owner_id}

    def perform(self, form: Any, at: datetime) -> Any:
        return assignments.assign(complaint=self.complaint, by=self.request.user, at=at, **form.cleaned_data)


class ClassifyView(ComplaintVerbView):
    form_class = ClassifyForm
    heading = _("Say what it is")
    lead = _("What the person chose stays beside it.")
    submit = _("Save")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"complaint": self.complaint, "today": self.today}

    def get_initial(self) -> dict[str, Any]:
        complaint = self.complaint
        return {
            "kind": complaint.kind,
            "category": complaint.category_id,
            "step": complaint.step_id,
            "preferential": complaint.preferential,
        }

    def perform(self, form: Any, at: datetime) -> Any:
        chosen = form.cleaned_data
        step = reads.step_chosen(self.complaint, chosen["step"])
        return complaints.classify(
            complaint=self.complaint,
            kind=chosen["kind"],
            category=chosen["category"],
            preferential=chosen["preferential"],
            step=step,
            by=self.request.user,
            at=at,
        )


class SettleAboutView(ComplaintVerbView):
    policy = LEADS
    form_class = SettleForm
    heading = _("Settle who it is about")
    submit = _("Save")
    done = _("Saved. Whoever it is about cannot read it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"complaint": self.complaint, "today": self.today}

    def get_initial(self) -> dict[str, Any]:
        return {"person": self.complaint.about_user_id}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.complaint.about_words
        lead = _("The person wrote: “%(words)s”") % {"words": words} if words else ""
        return super().get_context_data(lead=lead, **kwargs)

    def perform(self, form: Any, at: datetime) -> Any:
        return complaints.settle_about(complaint=self.complaint, by=self.request.user, at=at, **form.cleaned_data)


class LeadElsewhereView(ComplaintVerbView):
    moves_to = ComplaintState.ROUTED
    policy = LEADS
    form_class = RouteForm
    heading = _("It is solved in another place")
    lead = _("Tell the person where and how. It is counted apart, and its term ends here.")
    submit = _("Send the explanation")
    done = _("The person can read where to go.")

    def perform(self, form: Any, at: datetime) -> Any:
        return complaints.lead_elsewhere(complaint=self.complaint, by=self.request.user, at=at, **form.cleaned_data)


class AskView(ComplaintVerbView):
    form_class = QuestionForm
    heading = _("Ask the person")
    lead = _("The term stands still until the reply comes.")
    submit = _("Send the question")
    done = _("The question was sent. The term stands still.")

    def perform(self, form: Any, at: datetime) -> Any:
        chosen = form.cleaned_data
        return thread.ask_person(
            complaint=self.complaint, text=chosen["text"], uploads=chosen["files"], by=self.request.user, at=at
        )


class MessageView(ComplaintVerbView):
    form_class = MessageForm
    heading = _("Write to the person")
    lead = _("To say how it goes, to agree on a visit, or to reply to what the person added. It is not the answer.")
    submit = _("Send the message")
    done = _("The message was sent.")

    def perform(self, form: Any, at: datetime) -> Any:
        chosen = form.cleaned_data
        return thread.write_to_person(
            complaint=self.complaint, text=chosen["text"], uploads=chosen["files"], by=self.request.user, at=at
        )


class NoteView(ComplaintVerbView):
    form_class = NoteForm
    heading = _("Internal note")
    submit = _("Save the note")
    done = _("The note is in the thread. The person does not see it.")

    def perform(self, form: Any, at: datetime) -> Any:
        chosen = form.cleaned_data
        return thread.add_note(
            complaint=self.complaint, text=chosen["text"], uploads=chosen["files"], by=self.request.user, at=at
        )


class ReplyForPersonView(ComplaintVerbView):
    """What the person says by telephone, by letter or at the counter, written down by somebody of the team."""

    form_class = ReplyForPersonForm
    heading = _("Write down what the person says")
    submit = _("Save the reply")
    done = _("The reply is in the thread.")

    def perform(self, form: Any, at: datetime) -> Any:
        chosen = form.cleaned_data
        return thread.reply(
            complaint=self.complaint, text=chosen["text"], uploads=chosen["files"], by=self.request.user, at=at
        )


class AnswerView(ComplaintVerbView):
    """Write, look at it as the person will, and send; files go with the sending alone."""

    moves_to = ComplaintState.ANSWERED
    template_name = "surveys/complaint_answer.html"
    form_class = AnswerForm
    heading = _("Answer")
    submit = _("Send the answer")
    done = _("The answer was sent. The person can rate it, or reopen the case once.")
    conflict: ComplaintEntry | None = None
    meanwhile: list[ComplaintEntry] = []
    preview: AnswerContent | None = None

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"complaint": self.complaint}

    def get_initial(self) -> dict[str, Any]:
        return reads.answer_to_begin_with(self.complaint, self.request.GET.get("plantilla", ""), self.today)

    def form_valid(self, form: Any) -> HttpResponse:
        if "ver" in self.request.POST:
            self.preview = self._content(form)
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)

    def refuse(self, form: Any, refusal: Exception) -> HttpResponse:
        if isinstance(refusal, ComplaintConflict):
            self.conflict = refusal.unsent
            self.meanwhile = reads.said_since(self.complaint, form.cleaned_data["seen"], but=refusal.unsent)
            form.data = form.data.copy()
            # Whoever sends it again has both texts on the screen.
            form.data["revision"] = str(reads.revision_of(self.complaint))
            form.data["seen"] = str(reads.last_entry(self.complaint))
        return super().refuse(form, refusal)

    def perform(self, form: Any, at: datetime) -> Any:
        return answers.answer(
            complaint=self.complaint,
            content=self._content(form),
            revision=form.cleaned_data["revision"],
            uploads=form.cleaned_data["files"],
            by=self.request.user,
            at=at,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            templates=templates_for(self.complaint),
            meanwhile=self.meanwhile,
            preview=self.preview,
            advice=reads.plain_advice(self.preview.as_text()) if self.preview else [],
            conflict=self.conflict,
            **kwargs,
        )

    @staticmethod
    def _content(form: Any) -> AnswerContent:
        chosen = form.cleaned_data
        return AnswerContent(
            found=chosen["found"],
            action=chosen["action"],
            next_step=chosen["next_step"],
            outcome=chosen.get("outcome", ""),
        )


class CloseView(ComplaintVerbView):
    moves_to = ComplaintState.CLOSED
    heading = _("Close the case")
    lead = _("The person can still reopen it within the term. Without this, it closes by itself when that term ends.")
    submit = pgettext_lazy("button", "Close the case")
    done = _("The case is closed.")

    def perform(self, form: Any, at: datetime) -> Any:
        return answers.close(complaint=self.complaint, by=self.request.user, at=at)


class CodingView(ComplaintVerbView):
    """Why it happened."""

    form_class = CodingForm
    heading: str | Promise = _("Code the cause")
    lead: str | Promise = _("Not what the person says, but why it happened.")
    submit = _("Save the cause")
    verb = staticmethod(coding.code)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"complaint": self.complaint}

    def get_initial(self) -> dict[str, Any]:
        own = self.begun()
        if own is None:
            return {}
        return {"cause": own.cause, "note": own.note, "standards": [each.pk for each in own.standards.all()]}

    def begun(self) -> ComplaintCoding | None:
        """The coding that is changed; None where a new one is made."""
        return next((each for each in self.shown() if each.coder_id == self.request.user.pk), None)

    def shown(self) -> list[ComplaintCoding]:
        return reads.codings_shown(self.complaint, self.request.user)

    def perform(self, form: Any, at: datetime) -> Any:
        return self.verb(complaint=self.complaint, by=self.request.user, at=at, **form.cleaned_data)


class CodeAgainView(CodingView):
    heading = _("Code the cause a second time")
    lead = _("One in ten is coded by two people. You are not shown the first coding, so that yours is your own.")
    verb = staticmethod(coding.code_again)


class AgreeCodingView(CodingView):
    policy = LEADS
    heading = _("Agree on the cause")
    lead = _("What both agree on after talking about it. Both codings are kept.")
    template_name = "surveys/coding_agree.html"
    verb = staticmethod(coding.agree_coding)

    def begun(self) -> ComplaintCoding | None:
        # Neither of the two is what both agree on, so the form begins without either.
        return next((each for each in self.shown() if each.round == CodingRound.AGREED), None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(codings=self.shown(), **kwargs)
