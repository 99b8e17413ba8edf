"""The quarterly review with the team: causes by standard and step, agreements, and the way to the plan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.foundation.offers.registry import offers_on_each
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.screens import PagedList, VerbFormView
from portal.foundation.territories.models import Territory
from surveys import rules
from surveys.domain.reviews import record_review
from surveys.errors import SurveysError
from surveys.forms.reviews import ReviewForm, initial_of
from surveys.models import QuarterlyReview
from surveys.queries import causes as reads
from surveys.queries import reviews
from surveys.queries.figures import Period, cohort
from surveys.statistics import Quarter


class ReviewList(PolicyMixin, PagedList):
    """The quarters that were reviewed, and those that wait for it."""

    policy = Policy(roles=rules.STATISTICS_READERS)
    template_name = "surveys/review_list.html"
    context_object_name = "reviews"

    def get_queryset(self) -> Any:
        return reviews.reviews_of(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = reviews.to_be_held(self.request.user, timezone.localdate())
        return super().get_context_data(waiting=waiting, crumbs=_crumbs()[:1], **kwargs)


class ReviewMixin(PolicyMixin):
    """One municipality and one quarter."""

    policy = Policy(roles=rules.STATISTICS_READERS, rule=rules.can_read_statistics)
    subject: Territory
    kwargs: dict[str, Any]

    def get_subject(self) -> Territory:
        places = Territory.objects.visible_to(self.request.user).municipalities()
        return get_object_or_404(places, slug=self.kwargs["slug"])

    @property
    def today(self) -> date:
        return timezone.localdate(timezone=self.subject.zone)

    @property
    def quarter(self) -> Quarter:
        """The quarter that the address names. :raises Http404: none, or one that has not begun."""
        try:
            quarter = Quarter(self.kwargs["year"], self.kwargs["quarter"])
            is_past = date(2000, 1, 1) <= quarter.starts_on <= self.today
        except ValueError as error:
            raise Http404 from error
        if not is_past:
            raise Http404
        return quarter

    def review(self) -> QuarterlyReview | None:
        return reviews.review_of(self.subject, self.quarter)


class ReviewShow(ReviewMixin, TemplateView):
    """What the team looks at together, and prints."""

    template_name = "surveys/review_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        place, quarter, user = self.subject, self.quarter, self.request.user
        causes = reads.causes(place, quarter)
        period = Period(quarter.starts_on, quarter.ends_on)
        shown = {
            "place": place,
            "quarter": quarter,
            "causes": list(zip(causes, offers_on_each("surveys.cause", causes, user), strict=True)),
            "steps": reads.steps(place, quarter),
            "uncoded": reads.uncoded(place, quarter),
            "agreement": cohort(place, period, self.today).agreement(),
            "review": self.review(),
            "records": rules.can_record_review(user, place),
            "earlier": quarter.previous,
            "later": quarter.following if quarter.following.starts_on <= self.today else None,
            "crumbs": _crumbs(),
        }
        return super().get_context_data(**kwargs | shown)


class ReviewWrite(ReviewMixin, VerbFormView):
    policy = Policy(roles=rules.READERS, rule=rules.can_record_review)
    form_class = ReviewForm
    refusals = (SurveysError,)
    heading = _("Write down the review")
    submit = _("Save the review")
    done = _("The review is saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"territory": self.subject, "today": self.today}

    def get_initial(self) -> dict[str, Any]:
        return initial_of(self.review())

    def perform(self, form: Any, at: datetime) -> QuarterlyReview:
        said = form.cleaned_data
        return record_review(
            territory=self.subject,
            quarter=self.quarter,
            held_on=said["held_on"],
            participants=said["participants"],
            notes=said["notes"],
            agreements=form.agreements(),
            revision=said["revision"],
            by=self.request.user,
            at=at,
        )

    def back(self) -> str:
        quarter = self.quarter
        return reverse("surveys:review", args=[self.subject.slug, quarter.year, quarter.number])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=_crumbs(), **kwargs)


def _crumbs() -> list[tuple[Any, str]]:
    return [
        (_("Complaints and suggestions"), reverse("surveys:figures")),
        (_("Quarterly reviews"), reverse("surveys:review_list")),
    ]
