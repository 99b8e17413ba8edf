"""Messages by state: what went, what arrived, what did not, and asking for it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View

from portal.dashboards.forms.messages import MessageFilterForm
from portal.dashboards.queries.messages import MessageFilter, counted_by_state, described, found_messages
from portal.foundation.audit.domain import record_look, record_looks
from portal.foundation.messages.domain import NotToBeRetried, retry, retry_failed
from portal.foundation.messages.models import Message, MessageState
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.roles import NATIONAL_ROLES

PAGE_SIZE = 50


class MessageMixin(PolicyMixin):
    policy = Policy(roles=NATIONAL_ROLES)
    subject: Message

    def get_subject(self) -> Message:
        return get_object_or_404(Message.objects.defer("body"), pk=self.kwargs["message_id"])  # type: ignore[attr-defined]


class MessageList(PolicyMixin, TemplateView):
    policy = Policy(roles=NATIONAL_ROLES)
    template_name = "dashboards/message_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = MessageFilterForm(self.request.GET)
        wanted = MessageFilter(**form.cleaned_data) if form.is_valid() else MessageFilter()
        page = Paginator(found_messages(wanted), PAGE_SIZE).get_page(self.request.GET.get("pagina"))
        if wanted.destino:
            # Whoever writes an address learns what that person was sent.
            purpose = _("To look for the messages of one address")
            record_looks(by=self.request.user, objects=page, purpose=purpose, at=timezone.now())
        counts = counted_by_state()
        return super().get_context_data(
            form=form,
            page_obj=page,
            rows=described(page),
            counts=counts,
            failed=dict(counts)[str(MessageState.FAILED.label)],
            **kwargs,
        )


class MessageShow(MessageMixin, TemplateView):
    template_name = "dashboards/message_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        purpose = _("To see why a message did not arrive")
        record_look(by=self.request.user, object=self.subject, purpose=purpose, at=timezone.now())
        return super().get_context_data(row=described([self.subject])[0], **kwargs)


class RetryMessage(MessageMixin, View):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            retry(message=self.subject, by=request.user, at=timezone.now())
        except NotToBeRetried as refused:
            notices.info(request, str(refused))
        else:
            notices.success(request, _("It will be tried again shortly."))
        return redirect("dashboards:message_list")


class RetryFailed(PolicyMixin, View):
    """After the gateway was away: everything that failed meanwhile, at once."""

    policy = Policy(roles=NATIONAL_ROLES)

    def post(self, request: HttpRequest) -> HttpResponse:
        count = retry_failed(by=request.user, at=timezone.now())
        notices.success(
            request,
            ngettext("%(count)s message will be tried again.", "%(count)s messages will be tried again.", count)
            % {"count": count},
        )
        return redirect("dashboards:message_list")
