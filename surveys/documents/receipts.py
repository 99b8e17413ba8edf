"""The receipt as a sheet to print or keep: made when asked for and never stored, because it may hold the words."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.foundation.documents.render import render_pdf
from portal.foundation.ui.context import is_demo
from surveys.models import Complaint, ComplaintTerms


def receipt_pdf(complaint: Complaint, *, code: str, words: str, terms: ComplaintTerms) -> bytes:
    """The receipt of ``complaint``; ``words`` is empty once their time is over, and the sheet then says so.

    :raises RenderError: the layout is wrong.
    """
    return render_pdf("report.typ", receipt_data(complaint, code=code, words=words, terms=terms))


def receipt_data(complaint: Complaint, *, code: str, words: str, terms: ComplaintTerms) -> dict[str, Any]:
    """What the layout draws."""
    secret = [_("Your four words: %(words)s") % {"words": words}] if words else []
    warning = (
        _("Keep this sheet where nobody else reads it. Nobody can tell you the words again.")
        if words
        else _("The four words were shown when you sent it. They are not on this sheet.")
    )
    named = [_("You sent it with your name.")] if complaint.author_id else []
    days = ngettext("%(days)s working day", "%(days)s working days", terms.answer_days) % {"days": terms.answer_days}
    answer = _("The municipality answers with its reasons by %(day)s (%(term)s).") % {
        "day": date_format(complaint.due_on) if complaint.due_on else "–",
        "term": days,
    }
    received = _("Received on %(day)s") % {"day": date_format(complaint.received_on)}
    return {
        "title": _("Receipt"),
        "subtitle": f"{complaint.get_kind_display()}. {received}",
        "municipality": str(complaint.territory),
        "is_demo": is_demo(),
        "sections": [
            {
                "heading": _("Keep this to follow up"),
                "paragraphs": [warning],
                "bullets": [_("Your code: %(code)s") % {"code": code}, *secret, *named],
            },
            {
                "heading": _("What happens next"),
                "paragraphs": [
                    _("To see the answer, go to %(address)s and write your code and your four words.")
                    % {"address": f"{settings.SITE_URL}{reverse('receipts:open')}"}
                ],
                "bullets": [
                    answer,
                    _("If you do not agree with the answer, you can reopen it once."),
                    _("It has no cost. Nobody may treat you worse for complaining."),
                ],
            },
        ],
    }
