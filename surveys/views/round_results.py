"""What came out of a survey, for the team and those above; and what to do where nothing came out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from portal.foundation.offers.registry import offers_on_each
from surveys.domain import results as verbs
from surveys.enums import RoundState
from surveys.models import Round
from surveys.queries import rounds as reads
from surveys.queries.drivers import weak_drivers
from surveys.queries.results import results
from surveys.views.rounds import RoundMixin, RoundVerbView, crumbs_of


class RoundResults(RoundMixin, TemplateView):
    """What came out, for the team and those above."""

    template_name = "surveys/round_results.html"

    def get_subject(self) -> Round:
        found = reads.rounds_of(self.request.user).filter(state=RoundState.PUBLISHED).select_related("result")
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        round = self.subject
        found = results(round, public=False)
        weak = weak_drivers(round) if found.drivers else []
        offered = offers_on_each("surveys.driver", weak, self.request.user)
        shown = {
            "round": round,
            "results": found,
            "offers": {one.code: actions for one, actions in zip(weak, offered, strict=True)},
            "crumbs": crumbs_of(round),
        }
        return super().get_context_data(**kwargs | shown)


class TryAgain(RoundVerbView):
    """The results could not be worked out: order them once more."""

    heading = _("Work out the results again")
    lead = _("No answer was lost. If it fails again, tell whoever looks after the platform.")
    submit = _("Work them out again")
    done = _("The results are being worked out.")

    def refusal(self) -> Any:
        return "" if self.subject.state == RoundState.FAILED else _("These results need not be worked out again.")

    def perform(self, form: Any, at: datetime) -> Round:
        return verbs.try_again(**self.asked(form, at))
