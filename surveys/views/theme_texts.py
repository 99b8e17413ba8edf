"""Screens where a person reads masked texts: before they are grouped, and theme by theme."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import FormView

from portal.foundation.screens import PagedList, VerbFormView
from surveys.domain import theme_naming, theme_reading
from surveys.domain.theme_reading import Reading
from surveys.enums import RunState, TextDecision
from surveys.errors import SurveysError, WordsNotFound
from surveys.forms.themes import MoveForm, ReadAgainForm, ReadingForm
from surveys.models import Theme, ThemeText
from surveys.queries import themes as reads
from surveys.views.theme_screens import LedRunMixin, TextMixin, TextsAreRead, ThemeMixin

READ_AT_ONCE = 10
LISTED_AT_ONCE = 20
ReadingFormSet = forms.formset_factory(ReadingForm, extra=0, max_num=READ_AT_ONCE, absolute_max=READ_AT_ONCE)


class ReadingView(TextsAreRead, LedRunMixin, FormView):
    """The next texts to read: hide more words, leave out, and say that they were read."""

    template_name = "surveys/theme_reading.html"
    form_class: Any = ReadingFormSet

    def waiting(self) -> list[ThemeText]:
        return list(reads.texts_to_read(self.run, self.request.user, TextDecision.PENDING)[:READ_AT_ONCE])

    def get_initial(self) -> Any:
        return [{"text": text.pk} for text in self.waiting()]

    def form_valid(self, form: Any) -> HttpResponse:
        readings = [
            Reading(one.cleaned_data["text"], one.phrases(), one.cleaned_data["leave_out"])
            for one in form
            if one.cleaned_data
        ]
        try:
            written = theme_reading.read_texts(run=self.run, readings=readings, by=self.request.user, at=timezone.now())
        except WordsNotFound as refused:
            for one in form:
                if one.cleaned_data.get("text") == refused.text:
                    one.add_error(refused.field, str(refused))
            return self.form_invalid(form)
        except SurveysError as refused:
            messages.error(self.request, str(refused))
            return self.form_invalid(form)
        if len(written) < len(readings):
            messages.info(self.request, _("Somebody else read some of these texts before you. Those stay as they are."))
        done = ngettext("You read %(count)s text.", "You read %(count)s texts.", len(written)) % {"count": len(written)}
        messages.success(self.request, done)
        return redirect("surveys:theme_reading", self.run.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        shown = {text.pk: text for text in self._shown(context["form"])}
        context["pairs"] = [
            (form, shown[pk]) for form in context["form"] if (pk := _number(form["text"].value())) in shown
        ]
        context["counts"] = reads.reading_counts(self.run, self.request.user)
        context["is_open"] = self.run.state == RunState.READING
        return context

    def _shown(self, form: Any) -> list[ThemeText]:
        """The texts of the forms: those that were posted, where something has to be mended."""
        ids = [pk for one in form if (pk := _number(one["text"].value())) is not None]
        texts = self.run.texts.readable_by(self.request.user).filter(pk__in=ids)
        return list(texts.select_related("step__version"))


class ReadListView(TextsAreRead, LedRunMixin, PagedList):
    """What was read or left out, to look at again."""

    template_name = "surveys/theme_read_list.html"
    context_object_name = "texts"

    @property
    def decision(self) -> str:
        left_out = self.request.GET.get("ver") == "fuera"
        return TextDecision.LEFT_OUT if left_out else TextDecision.READ

    def get_queryset(self) -> Any:
        return reads.texts_to_read(self.run, self.request.user, self.decision)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            counts=reads.reading_counts(self.run, self.request.user),
            shows_left_out=self.decision == TextDecision.LEFT_OUT,
            changes=self.run.state in (RunState.READING, RunState.NAMING),
            **kwargs,
        )


class ReadAgainView(TextsAreRead, TextMixin, VerbFormView):
    """One text again: hide more, leave it out, take it back."""

    template_name = "surveys/theme_text.html"
    form_class = ReadAgainForm
    refusals = (SurveysError,)
    heading = gettext_lazy("Read this text again")

    def get_initial(self) -> dict[str, Any]:
        return {"leave_out": self.subject.decision == TextDecision.LEFT_OUT}

    def perform(self, form: Any, at: datetime) -> ThemeText:
        reading = Reading(self.subject.pk, form.phrases(), form.cleaned_data["leave_out"])
        return theme_reading.read_again(text=self.subject, reading=reading, by=self.request.user, at=at)

    def back(self) -> str:
        if self.subject.theme_id:
            return reverse("surveys:theme", args=[self.subject.theme_id])
        if self.run.state == RunState.NAMING:
            return reverse("surveys:theme_none", args=[self.run.pk])
        return reverse("surveys:theme_read_list", args=[self.run.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(text=self.subject, **kwargs)


class _MovingMixin(TextsAreRead):
    """A list of texts with boxes, and a form that moves the ticked ones."""

    theme_of_list: Theme | None = None
    form_class = MoveForm
    request: HttpRequest

    def texts(self) -> Any:
        return reads.texts_of(self.run, self.theme_of_list, self.request.user)  # type: ignore[attr-defined]

    def get_form_kwargs(self) -> dict[str, Any]:
        shared = {"run": self.run, "theme": self.theme_of_list, "texts": self.texts()}  # type: ignore[attr-defined]
        return super().get_form_kwargs() | shared  # type: ignore[misc]

    def form_valid(self, form: MoveForm) -> HttpResponse:
        try:
            moved = theme_naming.move_texts(
                run=self.run,  # type: ignore[attr-defined]
                texts=form.ids(),
                into=form.cleaned_data["into"],
                by=self.request.user,
                at=timezone.now(),
            )
        except SurveysError as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)  # type: ignore[attr-defined]
        done = ngettext("%(count)s text was moved.", "%(count)s texts were moved.", moved) % {"count": moved}
        messages.success(self.request, done)
        return redirect(self.request.get_full_path())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(self.texts(), LISTED_AT_ONCE).get_page(self.request.GET.get("pagina"))
        ticked = self.request.POST.getlist("texts")
        return super().get_context_data(  # type: ignore[misc]
            page_obj=page,
            texts=page.object_list,
            ticked={int(pk) for pk in ticked if pk.isdecimal()},
            changes=self.run.state == RunState.NAMING,  # type: ignore[attr-defined]
            **kwargs,
        )


class ThemeShow(_MovingMixin, ThemeMixin, FormView):
    """A theme: its words, the texts to read first, all its texts, what can be done with it."""

    template_name = "surveys/theme_show.html"

    @property
    def theme_of_list(self) -> Theme:  # type: ignore[override]
        return self.theme

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        theme = self.theme
        return super().get_context_data(
            typical=reads.typical_texts(theme, self.request.user),
            standards=theme.standards.order_by("number"),
            others=self.run.themes.live().exclude(pk=theme.pk).exists(),
            **kwargs,
        )

    def crumbs(self) -> list[tuple[Any, str]]:
        return super().crumbs()[:-1]


class WithoutThemeView(_MovingMixin, LedRunMixin, FormView):
    """The texts that were read and belong to no theme."""

    template_name = "surveys/theme_none.html"


def _number(value: Any) -> int | None:
    return int(value) if str(value).isdecimal() else None
