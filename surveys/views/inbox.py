"""The team's list of complaints, and the same as a table to take away."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.generic import View

from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import MUNICIPAL_ROLES
from portal.foundation.reporting.spreadsheets import csv_response, xlsx_response
from portal.foundation.screens import CappedPaginator, PagedList
from portal.foundation.ui.context import is_demo
from surveys import rules
from surveys.exports import complaints as exports
from surveys.forms.handling import InboxForm
from surveys.queries import complaints as reads


class InboxMixin(PolicyMixin):
    policy = Policy(roles=rules.READERS)
    request: HttpRequest

    def found(self) -> Any:
        user = self.request.user
        self.filters = InboxForm(self.request.GET, user=user)
        return reads.inbox(user, self.filters.wanted(), timezone.localdate())


class InboxView(InboxMixin, PagedList):
    """By term where they are open, else the latest first."""

    template_name = "surveys/complaint_list.html"
    context_object_name = "complaints"
    paginator_class = CappedPaginator

    def get_queryset(self) -> Any:
        return self.found()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            filters=self.filters,
            today=timezone.localdate(),
            records=rules.can_record_complaint(self.request.user),
            sets=self.request.user.scope.has(*rules.SETTERS),
            sees_many="municipalidad" in self.filters.fields,
            of_region=not self.request.user.scope.has(*MUNICIPAL_ROLES),
            **kwargs,
        )


class InboxCsv(InboxMixin, View):
    """What the filters show, without anything that names or quotes a person."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return csv_response("reclamos.csv", exports.inbox_frame(self.found(), request.user), is_demo=is_demo())


class InboxSpreadsheet(InboxMixin, View):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sheets = {exports.inbox_title(): exports.inbox_frame(self.found(), request.user)}
        return xlsx_response("reclamos.xlsx", sheets, is_demo=is_demo())
