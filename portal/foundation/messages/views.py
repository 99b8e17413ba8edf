"""The door of the gateway of text messages: hostile until its signature proves it."""

from __future__ import annotations

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from portal.foundation.messages import signatures
from portal.foundation.messages.domain import note_receipt
from portal.foundation.messages.forms import DeliveryReceiptForm
from portal.foundation.messages.gateways import callback_key
from portal.foundation.people.access import PUBLIC, PolicyMixin

LARGEST = 10_000


@method_decorator(csrf_exempt, name="dispatch")
class DeliveryReceiptView(PolicyMixin, View):
    """Notes that a message was delivered, or cannot be. A report that comes twice is answered as the first.

    403 without a fresh signature of the gateway's key, 400 for a report that cannot be read, 404 for a
    message that is not ours, or where no gateway is set up.
    """

    policy = PUBLIC
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        key, now = callback_key(), timezone.now()
        if not key:
            raise Http404
        if len(request.META.get("CONTENT_LENGTH") or "") > len(str(LARGEST)) or len(request.body) > LARGEST:
            return HttpResponse(status=413)
        if not signatures.is_signed(request.headers.get(signatures.HEADER, ""), request.body, key=key, at=now):
            return HttpResponse(status=403)
        form = DeliveryReceiptForm(_object(request.body))
        if not form.is_valid():
            return HttpResponse(status=400)
        message_id, sending = form.cleaned_data["reference"]
        known = note_receipt(
            message_id=message_id,
            sending=sending,
            state=form.cleaned_data["status"],
            reason=form.cleaned_data["reason"],
            at=now,
        )
        return HttpResponse(status=204 if known else 404)


def _object(body: bytes) -> dict[str, str]:
    """The report's plain values; empty for what is no JSON object of them."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: value for name, value in content.items() if isinstance(value, str) and "\x00" not in value}
