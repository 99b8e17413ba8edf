"""One question a page, for whoever writes to a municipality."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from benefits_core.queries.procedures import step_choices
from portal.foundation.receipts.forms import BARE, ContactField
from portal.foundation.territories.models import ServicePoint
from portal.foundation.ui.forms import ChoiceWithHint, UIDateField, UIForm
from portal.foundation.ui.translated import localized
from surveys.enums import ComplaintAbout, ComplaintKind, ComplaintRoute
from surveys.forms.fields import Files, LongText
from surveys.queries import writing as asked
from surveys.queries.writing import Writing

UNKNOWN = "no-se"


class QuestionForm(UIForm):
    """A question about ``writing``; ``answers()`` gives what is kept of it, as values that JSON can hold.

    Where it has several fields, ``page_heading`` is the page's heading and ``lead`` a line below it.
    """

    page_heading: str | Promise = ""
    lead: str | Promise = ""

    @property
    def title(self) -> str | Promise:
        return self.page_heading or (self.fields[self.heading_field].label if self.heading_field else "")

    def __init__(self, *args: Any, writing: Writing, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.writing, self.user = writing, user

    def answers(self) -> dict[str, Any]:
        return {}


class KindForm(QuestionForm):
    heading_field = "kind"
    kind = forms.ChoiceField(
        label=_("What do you want to send?"),
        widget=forms.RadioSelect,
        choices=[
            (ComplaintKind.COMPLAINT, ChoiceWithHint(ComplaintKind.COMPLAINT.label, _("Something went wrong."))),
            (ComplaintKind.SUGGESTION, ChoiceWithHint(ComplaintKind.SUGGESTION.label, _("An idea to do it better."))),
            (ComplaintKind.COMPLIMENT, ChoiceWithHint(ComplaintKind.COMPLIMENT.label, _("Something went well."))),
            (ComplaintKind.ENQUIRY, ChoiceWithHint(ComplaintKind.ENQUIRY.label, _("You want to know something."))),
        ],
    )

    def answers(self) -> dict[str, Any]:
        return {"kind": self.cleaned_data["kind"]}


class TopicForm(QuestionForm):
    heading_field = "category"
    category = forms.ChoiceField(
        label=_("What is it about?"),
        widget=forms.RadioSelect,
        help_text=_("Choose what is closest. If you are not sure, choose “I do not know”: we will see to it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [(str(each.pk), localized(each.name)) for each in asked.topics()]
        self.fields["category"].choices = [*found, (UNKNOWN, _("I do not know"))]  # type: ignore[attr-defined]

    def answers(self) -> dict[str, Any]:
        chosen = self.cleaned_data["category"]
        return {"category": "" if chosen == UNKNOWN else int(chosen)}


class OtherWayForm(QuestionForm):
    """Nothing to fill in: the page says where it is solved, and that one may go on."""

    TEXTS = {
        ComplaintRoute.RECTIFICATION: (
            _("A bracket is changed by another way"),
            _("To change your bracket, ask for a rectification or a supplement of your registry, with your name."),
            _("You can still go on here. We will answer where and how to ask for it. It has no cost."),
        ),
        ComplaintRoute.MINISTRY: (
            _("The website of the registry belongs to the Ministry"),
            _("The municipality does not run that website, nor its call centre."),
            _("You can still go on here. We will lead what you tell us to the Ministry, and say so to you."),
        ),
    }

    @property
    def title(self) -> str | Promise:
        return self.texts[0]

    @property
    def texts(self) -> tuple[str | Promise, ...]:
        """The page's heading and its paragraphs."""
        return self.TEXTS[self.writing.other_way or ComplaintRoute.MINISTRY]


class TextForm(QuestionForm):
    heading_field = "text"
    text = LongText(
        label=_("What happened?"),
        rows=10,
        help_text=_("Tell it in your own words. Do not write your RUN, nor data of other people."),
        error_messages={"required": _("Write what happened.")},
    )

    def answers(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"]}


class PlaceForm(QuestionForm):
    page_heading = _("Where and when was it?")
    lead = _("You can leave empty what you do not know.")
    service_point = forms.ModelChoiceField(
        label=_("Where?"),
        queryset=ServicePoint.objects.none(),
        required=False,
        blank=True,  # else a list of options leaves out the one that takes a choice back
        empty_label=_("Another place, or I do not know"),
        widget=forms.RadioSelect,
    )
    happened_on = UIDateField(
        label=_("What day?"), required=False, help_text=_("If you remember it. For example: 27 3 2026.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].latest = self.writing.today  # type: ignore[attr-defined]
        if self.writing.has_points:
            points = ServicePoint.objects.filter(territory=self.writing.territory, is_active=True)
            self.fields["service_point"].queryset = points.order_by("name")  # type: ignore[attr-defined]
        else:
            del self.fields["service_point"]

    def answers(self) -> dict[str, Any]:
        point, day = self.cleaned_data.get("service_point"), self.cleaned_data["happened_on"]
        return {"service_point": point.pk if point else "", "happened_on": day.isoformat() if day else ""}


class StepForm(QuestionForm):
    heading_field = "step"
    step = forms.ChoiceField(
        label=_("In which procedure?"),
        required=False,
        help_text=_("If it happened in one of these, choose the step. If not, leave it as it is."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = step_choices(self.writing.territory, self.writing.today)
        self.fields["step"].choices = [("", _("None, or I do not know")), *offered]  # type: ignore[attr-defined]

    def answers(self) -> dict[str, Any]:
        return {"step": int(self.cleaned_data["step"]) if self.cleaned_data["step"] else ""}


class AboutForm(QuestionForm):
    page_heading = _("Is it about somebody?")
    about = forms.ChoiceField(
        label=_("Is it about a person who works here?"),
        widget=forms.RadioSelect,
        choices=ComplaintAbout.choices,
        help_text=_("That person will not read what you write, nor know who you are."),
    )
    about_words = forms.CharField(
        label=_("Who is it?"),
        required=False,
        max_length=200,
        help_text=_("A name, or how to know the person: “the young man of desk 3”."),
        widget=forms.TextInput(attrs=BARE),
    )

    def answers(self) -> dict[str, Any]:
        return {"about": self.cleaned_data["about"], "about_words": self.cleaned_data["about_words"]}


class PriorityForm(QuestionForm):
    heading_field = "preferential"
    preferential = forms.ChoiceField(
        label=_("Do you have a right to preferential attention?"),
        widget=forms.RadioSelect,
        choices=[("si", _("Yes")), ("no", _("No, or I prefer not to say"))],
        help_text=_("Older people, people with a disability, pregnant women, or who care for somebody."),
    )

    def answers(self) -> dict[str, Any]:
        return {"preferential": self.cleaned_data["preferential"] == "si"}


class FilesForm(QuestionForm):
    heading_field = "files"
    files = Files(label=_("Do you want to send photos or documents?"))


class ContactForm(QuestionForm):
    page_heading = _("How do we tell you?")
    lead = _("You can leave it empty. You will see the answer with your code.")
    contact = ContactField()
    as_me = forms.ChoiceField(
        label=_("With your name?"),
        widget=forms.RadioSelect,
        choices=[
            ("no", ChoiceWithHint(_("Without my name"), _("Nobody sees who you are."))),
            ("si", ChoiceWithHint(_("With my name"), _("Whoever looks after it can see it, if the case needs it."))),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user is None or not self.user.is_authenticated:
            del self.fields["as_me"]

    def answers(self) -> dict[str, Any]:
        return {"contact": self.cleaned_data["contact"], "as_me": self.cleaned_data.get("as_me") == "si"}


class SendForm(UIForm):
    """The button; and a trap for robots, which fill in what people do not see."""

    website = forms.CharField(label=_("Leave this empty"), required=False, widget=forms.TextInput(attrs=BARE))

    @property
    def is_trapped(self) -> bool:
        return bool(self.data.get("website"))


FORMS: dict[str, type[QuestionForm]] = {
    asked.KIND: KindForm,
    asked.TOPIC: TopicForm,
    asked.OTHER_WAY: OtherWayForm,
    asked.TEXT: TextForm,
    asked.PLACE: PlaceForm,
    asked.STEP: StepForm,
    asked.ABOUT: AboutForm,
    asked.PRIORITY: PriorityForm,
    asked.FILES: FilesForm,
    asked.CONTACT: ContactForm,
}
