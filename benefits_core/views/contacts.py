"""A person's contacts across channels: asked for by RUN and with a purpose; every page that is seen is recorded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import FormView, TemplateView, View

from benefits_core import rules
from benefits_core.forms.contacts import PURPOSES, HistoryFilterForm, HistorySearchForm
from benefits_core.queries import contacts as reads
from benefits_core.views.places import PlaceMixin
from portal.foundation.audit.domain import record_look
from portal.foundation.people import limits
from portal.foundation.people.access import Policy
from portal.foundation.people.models import Person, Scheme

HISTORY = Policy(roles=rules.HISTORY_READERS, rule=rules.can_read_history)
# Whose history this browser has open: the address names nobody, and it is not open for long.
OPENED = "benefits_core.history"
IDLE = timedelta(minutes=15)
ROWS_A_PAGE = 25
# A desk asks for somebody every few minutes; whoever tries numbers asks without end.
SEARCHES_PER_HOUR = 60


class HistoryMixin(PlaceMixin):
    """Nothing of it stays in the browser: somebody else may sit down at the desk."""

    policy = HISTORY
    section = "history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    def look(self, person: Person, purpose: str, at: datetime) -> None:
        words = str(PURPOSES[purpose])
        record_look(by=self.request.user, object=person, purpose=words, at=at, territory=self.place)


class HistorySearch(HistoryMixin, FormView):
    """By RUN, with what for. What was typed where an attention is recorded is brought here."""

    template_name = "benefits_core/history_search.html"
    form_class = HistorySearchForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "ask" in request.POST:
            typed = request.POST.get("identifier", "")[:20]
            form = HistorySearchForm(initial={"identifier": typed})
            return self.render_to_response(self.get_context_data(form=form))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: HistorySearchForm) -> HttpResponse:
        person = reads.person_named(Scheme.CL_RUN, form.cleaned_data["identifier"])
        now, purpose = timezone.now(), form.cleaned_data["purpose"]
        if not self.may_search(now):
            form.add_error(None, gettext("Too many attempts. Wait an hour and try again."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        if person is None or not reads.history(person, self.request.user)[:1]:
            # The same words whether nobody has the number or others serve that person; who is known sees the look.
            if person is not None:
                self.look(person, purpose, now)
            form.add_error("identifier", gettext("We have no contact with this number here."))
            return self.form_invalid(form)
        self.request.session[OPENED] = {
            "person": person.pk,
            "place": self.place.pk,
            "purpose": purpose,
            "at": now.isoformat(),
        }
        return redirect("benefits_core:history_show", self.place.slug)

    def may_search(self, now: datetime) -> bool:
        return limits.allow(
            action="benefits_core.history",
            address=f"user {self.request.user.pk}",
            limit=SEARCHES_PER_HOUR,
            window=timedelta(hours=1),
            at=now,
        )


class HistoryShow(HistoryMixin, TemplateView):
    """The contacts, the newest first; each page is a look."""

    template_name = "benefits_core/history_show.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now, kept = timezone.now(), request.session.get(OPENED)
        is_open = (
            kept is not None and kept["place"] == self.place.pk and now - datetime.fromisoformat(kept["at"]) <= IDLE
        )
        person = Person.objects.filter(pk=kept["person"]).first() if kept and is_open else None
        if person is None:
            request.session.pop(OPENED, None)
            return redirect("benefits_core:history", self.place.slug)
        request.session[OPENED] = {**kept, "at": now.isoformat()}
        self.look(person, kept["purpose"], now)
        return self.render_to_response(self.get_context_data(person=person, purpose=PURPOSES[kept["purpose"]]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = HistoryFilterForm(self.request.GET)
        rows = reads.history(kwargs["person"], self.request.user, kind=form.kind)
        page = Paginator(rows, ROWS_A_PAGE).get_page(self.request.GET.get("pagina"))
        # Whoever is registered elsewhere is not named here.
        name = str(kwargs["person"]) if kwargs["person"].territory_id == self.place.pk else ""
        return super().get_context_data(form=form, page_obj=page, contacts=reads.described(page), name=name, **kwargs)


class HistoryClose(HistoryMixin, View):
    """Nobody sees it again without saying what for."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.session.pop(OPENED, None)
        return redirect("benefits_core:history", self.place.slug)
