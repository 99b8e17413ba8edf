"""What screens of every module are made of: a list in pages, and a form that asks for one verb."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, ListView

from portal.foundation.ui.forms import ConfirmForm


class CappedPaginator(Paginator):
    """Pages of the first :attr:`most` rows: neither counting nor the last page grows with a register."""

    most = 1_000

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.most)

    @property
    def is_more(self) -> bool:
        """Are there rows beyond the last page?"""
        return self._counted > self.most

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: self.most + 1].count()


class PagedList(ListView):
    """A list in pages; an address that names no page leads to the first or the last, like every other list."""

    paginate_by = 25
    page_kwarg = "pagina"

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        page = self.get_paginator(queryset, page_size).get_page(self.request.GET.get(self.page_kwarg))
        return page.paginator, page, page.object_list, page.has_other_pages()


class VerbFormView(FormView):
    """A form that asks for one verb. ``perform`` calls it; what it refuses is shown, and nothing typed is lost.

    Without a form of its own it asks for no more than the button. ``refusals``: the errors by which
    the module's verbs say no, in words for the person. An error that has a ``field`` is shown beside
    that field, where the form has it; one that has ``missing`` brings a list of what is needed first.
    ``done`` is said on the page that comes next, which is ``target``.
    """

    refusals: ClassVar[tuple[type[Exception], ...]]
    form_class: type[forms.Form] = ConfirmForm
    template_name = "verb_form.html"
    heading: str | Promise = ""
    lead: str | Promise = ""
    submit: str | Promise = _("Save")
    done: str | Promise = _("Saved.")
    warning = False
    missing: list[Any] = []

    def perform(self, form: Any, at: datetime) -> Any:
        """Call the verb; what it gives back is handed to ``get_done`` and ``target``."""
        raise NotImplementedError

    def refusal(self) -> str:
        """Why the verb makes no sense now, so that nobody fills in a form for nothing; "" where it does."""
        return ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := self.refusal():
            messages.info(request, refusal)
            return redirect(self.away())
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            result = self.perform(form, timezone.now())
        except self.refusals as refusal:
            return self.refuse(form, refusal)
        if done := self.get_done(result):
            messages.success(self.request, done)
        return redirect(self.target(result))

    def refuse(self, form: forms.Form, refusal: Exception) -> HttpResponse:
        """Show the form again, with why the verb said no."""
        field = self.field_of(refusal)
        form.add_error(field if field in form.fields else None, str(refusal))
        self.missing = getattr(refusal, "missing", [])
        return self.form_invalid(form)

    def field_of(self, refusal: Exception) -> str:
        """The field that a refusal is about; "" where it is about none."""
        return getattr(refusal, "field", "")

    def get_heading(self) -> str | Promise:
        return self.heading

    def get_done(self, result: Any) -> str | Promise:
        return self.done

    def target(self, result: Any) -> str:
        """Where to go when it is done: back, unless the result has a page of its own."""
        return self.back()

    def back(self) -> str:
        """The page that the person came from."""
        raise NotImplementedError

    def away(self) -> str:
        """Where to go where the verb makes no sense now: back, unless that makes none either."""
        return self.back()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {
            "heading": self.get_heading(),
            "lead": self.lead,
            "submit": self.submit,
            "warning": self.warning,
            "missing": self.missing,
            "cancel_url": self.back(),
        }
        return super().get_context_data(**shown | kwargs)
