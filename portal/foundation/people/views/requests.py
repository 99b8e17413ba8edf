"""What people ask about their data: the list of those who answer, one request, and its answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.foundation.audit.domain import record_look
from portal.foundation.people import privacy, rules
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.domain import erasure, requests
from portal.foundation.people.errors import PeopleError
from portal.foundation.people.forms import (
    AnswerRequestForm,
    CorrectPersonForm,
    DataRequestFilterForm,
    DataRequestForm,
    ExtendRequestForm,
)
from portal.foundation.people.models import DataRequest, Person, User
from portal.foundation.people.models.privacy import RequestChannel, RequestKind, RequestOutcome, RequestState
from portal.foundation.people.queries import privacy as reads
from portal.foundation.screens import PagedList, VerbFormView

OUTCOME_TONES = {RequestOutcome.DONE: "good", RequestOutcome.PARTLY: "attention", RequestOutcome.REFUSED: "bad"}


class RequestList(PolicyMixin, PagedList):
    """The most urgent first; no words of the person, and no name."""

    policy = Policy(rule=rules.can_answer_requests)
    template_name = "people/request_list.html"
    context_object_name = "requests"

    def get_queryset(self) -> Any:
        self.form = DataRequestFilterForm(self.request.GET)
        asked = self.form.cleaned_data if self.form.is_valid() else {}
        return reads.requests_for(
            self.request.user,
            state=asked.get("estado", RequestState.OPEN),
            kind=asked.get("tipo", ""),
            number=asked.get("numero", ""),
            late=asked.get("vencidas", False),
            on=timezone.localdate(),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, today=timezone.localdate(), **kwargs)


class RequestMixin(PolicyMixin):
    """The subject is a request that one may answer; others' are not found, one's own is refused."""

    policy = Policy(rule=rules.can_answer_request)
    subject: DataRequest

    def get_subject(self) -> DataRequest:
        found = DataRequest.objects.visible_to(self.request.user).select_related("territory", "closed_by", "created_by")  # type: ignore[attr-defined]
        return get_object_or_404(found, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def crumbs(self) -> list[tuple[Any, str]]:
        return [
            (_("Requests about data"), reverse("privacy:request_list")),
            (self.subject.number, reverse("privacy:request", args=[self.subject.pk])),
        ]

    def back(self) -> str:
        return reverse("privacy:request", args=[self.subject.pk])


class RequestShow(RequestMixin, TemplateView):
    """Who asks for what, and what an erasure would erase and keep."""

    template_name = "people/request_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, now = self.subject, timezone.now()
        person = privacy.load(row.subject_type, row.subject_id)
        purpose = _("To answer a request about data")
        record_look(by=self.request.user, object=row, purpose=purpose, at=now, territory=row.territory)
        is_erasure = row.kind == RequestKind.ERASURE and row.is_open and person is not None
        return super().get_context_data(
            request_row=row,
            name=privacy.subject_kind(row.subject_type).name(person) if person else "",
            fates=erasure.preview(person, now) if is_erasure and person else [],
            corrects=person is not None and person.person is not None and requests.can_be_corrected(row),
            today=timezone.localdate(),
            tone=OUTCOME_TONES.get(RequestOutcome(row.outcome)) if row.outcome else "info",
            crumbs=self.crumbs()[:1],
            **kwargs,
        )


class AnswerRequest(RequestMixin, VerbFormView):
    refusals = (PeopleError,)
    form_class = AnswerRequestForm
    template_name = "people/request_answer.html"
    heading = gettext_lazy("Answer the request")
    submit = gettext_lazy("Send the answer")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "kind": self.subject.kind}

    def perform(self, form: Any, at: datetime) -> DataRequest:
        return requests.answer_request(
            request=self.subject,
            grant=form.cleaned_data["grant"] == "yes",
            answer=form.cleaned_data["answer"],
            by=self.request.user,
            at=at,
        )

    def get_done(self, result: DataRequest) -> str:
        return _("The request %(number)s was answered.") % {"number": result.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.subject
        person = privacy.load(row.subject_type, row.subject_id) if row.is_open else None
        if row.is_open and person is None:
            raise Http404
        is_erasure = row.kind == RequestKind.ERASURE and person is not None
        return super().get_context_data(
            request_row=row,
            warning=is_erasure,
            fates=erasure.preview(person, timezone.now()) if is_erasure and person else [],
            crumbs=self.crumbs(),
            **kwargs,
        )


class ExtendRequest(RequestMixin, VerbFormView):
    refusals = (PeopleError,)
    form_class = ExtendRequestForm
    heading = gettext_lazy("Take thirty days more")
    lead = gettext_lazy("It can be done once, before the term ends. The person reads the reason.")
    submit = gettext_lazy("Make the term longer")
    done = gettext_lazy("The term is longer now, and we wrote to the person.")

    def perform(self, form: Any, at: datetime) -> DataRequest:
        return requests.extend_request(request=self.subject, **form.cleaned_data, by=self.request.user, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.crumbs(), **kwargs)


class CorrectPerson(RequestMixin, VerbFormView):
    """The data of the registered person who asks, to put right; the look is recorded."""

    refusals = (PeopleError,)
    form_class = CorrectPersonForm
    heading = gettext_lazy("Correct the data")
    lead = gettext_lazy("What stood before is not kept. We record what you changed, and write to the person.")
    submit = gettext_lazy("Save the correction")
    done = gettext_lazy("The data were corrected.")

    @cached_property
    def person(self) -> Person:
        found = privacy.load(self.subject.subject_type, self.subject.subject_id)
        if found is None or found.person is None or not requests.can_be_corrected(self.subject):
            raise Http404
        return found.person

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        purpose = _("To correct the data that the person says are wrong")
        now = timezone.now()
        record_look(by=request.user, object=self.person, purpose=purpose, at=now, territory=self.person.territory)
        return super().get(request, *args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.person, name) for name in ("given_names", "family_names", "birth_date")}

    def perform(self, form: Any, at: datetime) -> list[str]:
        return requests.correct_subject(request=self.subject, **form.cleaned_data, by=self.request.user, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.crumbs(), **kwargs)


class TakeRequest(PolicyMixin, VerbFormView):
    """Somebody asks at the counter, in writing or in person: a member of the team takes it down."""

    policy = Policy(rule=rules.can_take_request)
    refusals = (PeopleError,)
    form_class = DataRequestForm
    submit = gettext_lazy("Save")
    lead = gettext_lazy("Take down what the person asks. Check first who it is.")
    subject: User

    def get_subject(self) -> User:
        return get_object_or_404(User.objects.visible_to(self.request.user).distinct(), pk=self.kwargs["pk"])

    def get_heading(self) -> str:
        return _("What %(person)s asks about the own data") % {"person": self.subject}

    def perform(self, form: Any, at: datetime) -> DataRequest:
        return requests.open_request(
            subject=reads.subject_of(self.subject),
            **form.cleaned_data,
            channel=RequestChannel.COUNTER,
            by=self.request.user,
            at=at,
        )

    def get_done(self, result: DataRequest) -> str:
        return _("The request has the number %(number)s.") % {"number": result.number}

    def back(self) -> str:
        return reverse("people:show", args=[self.subject.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("People"), reverse("people:list")), (str(self.subject), self.back())]
        return super().get_context_data(crumbs=crumbs, **kwargs)
