"""The register of attentions: entry, list, day, one attention, its correction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView

from benefits_core import rules
from benefits_core.domain import attentions as verbs
from benefits_core.errors import BenefitsError
from benefits_core.forms.attentions import (
    AttentionFilterForm,
    CorrectForm,
    DayForm,
    EntryForm,
    FinishForm,
    StartForm,
    VoidForm,
)
from benefits_core.models import Attention
from benefits_core.queries import attentions as reads
from benefits_core.queries.statistics import count_by
from benefits_core.views.places import PlaceMixin, PlaceVerbView, places_of
from portal.foundation.indicators.registry import Period
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.models import Person, Scheme
from portal.foundation.people.roles import Role
from portal.foundation.territories.models import Territory
from portal.foundation.territories.names import fold

PLACES_A_PAGE = 40
LAST_SHOWN = 5


class StartView(PolicyMixin, TemplateView):
    """The municipalities whose register one may open; one's own at once where there is only one."""

    policy = Policy(roles=rules.REGISTER_READERS)
    template_name = "benefits_core/attention_start.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        own = list(places_of(request.user)[:2])
        if len(own) == 1 and not request.user.scope.has(Role.REGIONAL_TEAM, Role.NATIONAL_TEAM):
            records = rules.can_record_attention(request.user, own[0])
            name = "attention_record" if records else "attention_list"
            return redirect(f"benefits_core:{name}", own[0].slug)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        asked = self.request.GET.get("q", "")
        places = places_of(user).order_by("search_name", "code")
        for word in fold(asked).split():
            places = places.filter(search_name__contains=word)
        page = Paginator(places, PLACES_A_PAGE).get_page(self.request.GET.get("pagina"))
        month = Period(today.replace(day=1), today)
        counts = count_by(list(page.object_list), month)
        regions = Territory.objects.regions().visible_to(user).order_by("code")
        return super().get_context_data(
            page_obj=page,
            rows=[(place, counts[place.pk]) for place in page],
            asked=asked,
            month=month.starts_on,
            regions=regions if user.scope.has(*rules.READERS) else [],
            **kwargs,
        )


class RecordView(PlaceMixin, FormView):
    """Write an attention down in a few keys, or begin to time one."""

    policy = Policy(roles=rules.RECORDERS, rule=rules.can_record_attention)
    template_name = "benefits_core/attention_record.html"
    section = "entry"

    def get_form_class(self) -> type[EntryForm]:
        return StartForm if "start" in self.request.POST else EntryForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "place": self.place}

    def get_initial(self) -> dict[str, Any]:
        """As in the last attention that this person wrote down here."""
        initial: dict[str, Any] = {"token": uuid4()}
        last = self.last[0] if self.last else None
        if last:
            initial["channel"] = last.channel
        if last and last.service_point.is_active:
            initial["service_point"] = last.service_point_id
        return initial

    @property
    def last(self) -> list[Attention]:
        if not hasattr(self, "_last"):
            self._last = reads.last_of(self.request.user, self.place, LAST_SHOWN)
        return self._last

    def form_valid(self, form: Any) -> HttpResponse:
        at = timezone.now()
        try:
            made = self.write(form, at)
        except BenefitsError as refused:
            field = getattr(refused, "field", "")
            form.add_error(field if field in form.fields else None, str(refused))
            return self.form_invalid(form)
        if made.is_open:
            messages.success(self.request, gettext("The service has begun. Finish it here when it ends."))
        else:
            messages.success(self.request, gettext("Attention %(number)s is recorded.") % {"number": str(made.pk)})
        return redirect("benefits_core:attention_record", self.place.slug)

    def write(self, form: EntryForm, at: datetime) -> Attention:
        user, cleaned = self.request.user, form.cleaned_data
        person = person_of(form, self.place, user, at)
        if isinstance(form, StartForm):
            waited = cleaned["wait_minutes"]
            return verbs.start_attention(
                service_point=cleaned["service_point"],
                channel=cleaned["channel"],
                matter=cleaned["matter"],
                arrived_at=None if waited is None else at - timedelta(minutes=waited),
                preferential=cleaned["preferential"],
                person=person,
                form_token=cleaned["token"],
                by=user,
                at=at,
            )
        return verbs.record_attention(
            content=form.content(person=person, at=at), form_token=cleaned["token"], by=user, at=at
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(
            open_ones=reads.open_of(self.request.user, self.place),
            last=self.last,
            runs_points=rules.can_run_service_points(self.request.user, self.place),
            reads_history=rules.can_read_history(self.request.user, self.place),
            **kwargs,
        )
        return {**context, "has_points": bool(context["form"].fields["service_point"].rows)}


class ListView(PlaceMixin, TemplateView):
    """The register by pages, with its filters."""

    template_name = "benefits_core/attention_list.html"
    section = "list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = AttentionFilterForm(self.request.GET, place=self.place, today=self.today)
        wanted = form.wanted()
        after = self.request.GET.get("despues", "")
        page = reads.attention_page(self.place, wanted, after=after)
        count, is_more = reads.capped_count(self.place, wanted)
        return super().get_context_data(
            form=form,
            wanted=wanted,
            page=page,
            is_first=not after,
            count=count,
            is_more=is_more,
            may_export=rules.can_read_statistics(self.request.user, self.place),
            **kwargs,
        )


class DayView(PlaceMixin, TemplateView):
    """What one day was like."""

    template_name = "benefits_core/attention_day.html"
    section = "day"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = DayForm(self.request.GET)
        day = (form.cleaned_data["dia"] if form.is_valid() else None) or self.today
        return super().get_context_data(
            form=form,
            day=day,
            **reads.days_beside(self.place, day),
            summary=reads.day_summary(self.place, day),
            **kwargs,
        )


class AttentionMixin(PlaceMixin):
    """The subject is an attention."""

    policy = Policy(roles=rules.REGISTER_READERS, rule=rules.can_read_attention)
    subject: Attention  # type: ignore[assignment]

    def get_subject(self) -> Attention:  # type: ignore[override]
        visible = Attention.objects.visible_to(self.request.user).select_related(
            "territory", "service_point", "matter", "procedure", "recorded_by", "voided_by"
        )
        return get_object_or_404(visible, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    @property
    def place(self) -> Territory:
        return self.subject.territory

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(attention=self.subject, **kwargs)


class ShowView(AttentionMixin, TemplateView):
    """One attention, and what was corrected in it."""

    template_name = "benefits_core/attention_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        changes = rules.can_change_attention(self.request.user, self.subject)
        counts = self.subject.voided_at is None
        return super().get_context_data(
            facts=self.facts(),
            history=reads.history_of(self.subject),
            finishes=changes and self.subject.is_open,
            corrects=changes and counts and not self.subject.is_open,
            voids=changes and counts,
            **kwargs,
        )

    def facts(self) -> list[tuple[Any, Any]]:
        """Label and value of what is known, in the municipality's own time."""
        attention, zone = self.subject, self.place.zone

        def moment(value: datetime | None) -> str:
            return date_format(value.astimezone(zone), "DATETIME_FORMAT") if value else "–"

        def minutes(value: int | None) -> str:
            text = ngettext("%(count)s minute", "%(count)s minutes", value or 0)
            return gettext("Not measured") if value is None else text % {"count": value}

        rows = [
            (gettext("Service point"), attention.service_point),
            (gettext("Channel"), attention.get_channel_display()),
            (gettext("Matter"), attention.matter),
            (gettext("Procedure"), attention.procedure),
            (gettext("Outcome"), attention.get_outcome_display()),
            (gettext("Preferential attention"), gettext("Yes") if attention.preferential else gettext("No")),
            (gettext("Arrival"), moment(attention.arrived_at)),
            (gettext("Start of the service"), moment(attention.started_at)),
            (gettext("End of the service"), moment(attention.ended_at)),
            (gettext("Wait"), minutes(attention.wait_minutes)),
            (gettext("Service"), minutes(attention.service_minutes)),
            (gettext("Person"), gettext("noted") if attention.person_id else gettext("not noted")),
            (gettext("Who attended"), attention.recorded_by),
            (gettext("Source"), attention.get_source_display()),
            (gettext("Number of the ticket"), attention.external_id),
        ]
        return [(label, value) for label, value in rows if value]


class AttentionVerbView(AttentionMixin, PlaceVerbView):
    """A verb on one attention: whoever wrote it down, and the coordinator."""

    policy = Policy(roles=rules.RECORDERS, rule=rules.can_change_attention)

    def back(self) -> str:
        return reverse("benefits_core:attention", args=[self.subject.pk])

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*super().crumbs(), (gettext("Attention %(number)s") % {"number": str(self.subject.pk)}, self.back())]


class FinishView(AttentionVerbView):
    form_class = FinishForm
    heading = _("Finish the attention")
    submit = _("Finish")
    done = _("The attention has ended and is recorded.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "attention": self.subject}

    def get_initial(self) -> dict[str, Any]:
        return {"matter": self.subject.matter_id}

    def perform(self, form: Any, at: datetime) -> Attention:
        return verbs.finish_attention(attention=self.subject, by=self.request.user, at=at, **form.cleaned_data)

    def target(self, result: Attention) -> str:
        return reverse("benefits_core:attention_record", args=[self.place.slug])


class CorrectView(AttentionVerbView):
    form_class = CorrectForm
    heading = _("Correct the attention")
    submit = _("Save the correction")
    done = _("The attention is corrected.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "place": self.place, "known": self.subject}

    def get_initial(self) -> dict[str, Any]:
        return CorrectForm.initial_of(self.subject)

    def perform(self, form: Any, at: datetime) -> Attention:
        person = person_of(form, self.place, self.request.user, at)
        if person is None and not form.cleaned_data.get("forget_person"):
            person = self.subject.person
        return verbs.correct_attention(
            attention=self.subject,
            content=form.content(person=person, at=at),
            reason=form.cleaned_data["reason"],
            by=self.request.user,
            at=at,
        )


class VoidView(AttentionVerbView):
    form_class = VoidForm
    heading = _("Declare the attention void")
    lead = _("It stays in the register with your reason, and counts in no figure.")
    submit = _("Declare it void")
    done = _("The attention does not count any more.")
    warning = True

    def perform(self, form: Any, at: datetime) -> Attention:
        return verbs.void_attention(attention=self.subject, by=self.request.user, at=at, **form.cleaned_data)


def person_of(form: Any, place: Territory, user: Any, at: datetime) -> Person | None:
    """Whoever has the identifier that was typed; None where none was."""
    identifier = form.cleaned_data["identifier"]
    if not identifier:
        return None
    return verbs.person_for(identifier=identifier, scheme=Scheme.CL_RUN, territory=place, by=user, at=at)
