"""Screens where a person makes themes of groups: name, add, merge, split, reject."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from surveys.domain import theme_naming as domain
from surveys.forms.themes import MergeForm, NameThemeForm, ReasonForm, TextsForm, suggested_standards
from surveys.models import Theme
from surveys.queries import themes as reads
from surveys.views.theme_screens import RunVerbView, TextsAreRead, ThemeVerbView


class NameThemeView(TextsAreRead, ThemeVerbView):
    """The form starts with what the theme has, or with what its texts point at."""

    template_name = "surveys/theme_name.html"
    form_class = NameThemeForm
    heading = _("Name the theme")
    done = _("The theme has its name.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"run": self.run, "theme": self.theme}

    def get_initial(self) -> dict[str, Any]:
        theme = self.theme
        standards = list(theme.standards.values_list("pk", flat=True)) or suggested_standards(theme)
        return {"name": theme.name, "standards": standards, "continues": theme.continues_id}

    def perform(self, form: Any, at: datetime) -> Theme:
        return domain.name_theme(theme=self.theme, by=self.request.user, at=at, **form.cleaned_data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(typical=reads.typical_texts(self.theme, self.request.user), **kwargs)


class AddThemeView(RunVerbView):
    form_class = NameThemeForm
    heading = _("Add a theme by hand")
    lead = _("For what you saw in several texts and no group shows. Then move the texts to it.")
    submit = _("Add the theme")
    done = _("The theme was added. Now move texts to it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"run": self.run}

    def perform(self, form: Any, at: datetime) -> Theme:
        return domain.add_theme(run=self.run, by=self.request.user, at=at, **form.cleaned_data)


class MergeThemeView(ThemeVerbView):
    form_class = MergeForm
    heading = _("Merge with another theme")
    lead = _("All its texts move to the other theme. This cannot be undone.")
    submit = _("Merge")
    done = _("The themes were merged.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"theme": self.theme}

    def perform(self, form: Any, at: datetime) -> Theme:
        return domain.merge_theme(theme=self.theme, by=self.request.user, at=at, **form.cleaned_data)

    def target(self, result: Theme) -> str:
        return result.get_absolute_url()


class SplitThemeView(TextsAreRead, ThemeVerbView):
    """Ticks the texts of the first part; the rest make the second."""

    template_name = "surveys/theme_split.html"
    form_class = TextsForm
    heading = _("Split in two")
    lead = _("Tick the texts of the first part. The other texts make the second. Then give each its name.")
    submit = _("Split")
    done = _("There are two themes now. Give each its name.")
    most_shown = 200

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"texts": self.theme.texts.readable_by(self.request.user)}

    def perform(self, form: Any, at: datetime) -> Any:
        return domain.split_theme(theme=self.theme, texts=form.ids(), by=self.request.user, at=at)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ticked = self.request.POST.getlist("texts")
        texts = reads.texts_of(self.run, self.theme, self.request.user)
        return super().get_context_data(
            texts=texts[: self.most_shown],
            ticked={int(pk) for pk in ticked if pk.isdecimal()},
            changes=True,
            **kwargs,
        )


class RejectThemeView(ThemeVerbView):
    form_class = ReasonForm
    heading = _("Reject this theme")
    lead = _("Its texts stay in the search, without a theme.")
    submit = _("Reject")
    done = _("The theme was rejected.")
    warning = True

    def perform(self, form: Any, at: datetime) -> Theme:
        return domain.reject_theme(theme=self.theme, by=self.request.user, at=at, **form.cleaned_data)
