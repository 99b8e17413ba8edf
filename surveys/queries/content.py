"""What the audit protects: plain values, read from the database each time."""

from __future__ import annotations

from typing import Any

from portal.foundation.audit.domain import digest_of
from surveys.models import (
    ApiKey,
    Complaint,
    ComplaintTerms,
    Instrument,
    PublicText,
    QuarterlyReview,
    Round,
    RoundResult,
    ThemeRun,
)


def audited_complaint(complaint: Complaint) -> dict[str, Any]:
    """What was said, about whom, its terms and how it ended. What is rated is the person's to change."""
    return {
        "said": digest_of([complaint.text, complaint.kind, complaint.received_at.isoformat()]),
        "about": complaint.about_user_id,
        "state": [complaint.state, complaint.route, complaint.alert],
        "term": [complaint.term_days, _day(complaint.due_on), _day(complaint.answered_on), complaint.in_term],
        "owner": complaint.owner_id,
        "answers": digest_of(
            [
                [answer.number, answer.outcome, answer.found, answer.action, answer.next_step]
                for answer in complaint.answers.order_by("number")
            ]
        ),
        "cause": complaint.cause,
        "satisfaction": complaint.satisfaction,
    }


def audited_terms(terms: ComplaintTerms) -> dict[str, Any]:
    return {
        "territory": terms.territory_id,
        "starts_on": _day(terms.starts_on),
        "days": [terms.answer_days, terms.internal_days, terms.acknowledge_days, terms.legal_limit],
    }


def audited_review(review: QuarterlyReview) -> dict[str, Any]:
    return {
        "of": [review.territory_id, review.year, review.quarter, _day(review.held_on)],
        "texts": digest_of([review.participants, review.notes, *review.agreements.values_list("text", flat=True)]),
    }


def audited_theme_run(run: ThemeRun) -> dict[str, Any]:
    """Which texts it was about, how far it has come, and what was counted when it was closed."""
    return {
        "of": [run.municipality_id, run.starts_on.isoformat(), run.ends_on.isoformat(), run.sources],
        "state": [run.state, run.outcome, run.discard_reason],
        "summary": digest_of(run.summary) if run.summary else "",
    }


def audited_api_key(key: ApiKey) -> dict[str, Any]:
    """Who may send, where, how much, and until when."""
    return {
        "holder": [key.name, key.holder, key.email],
        "secret": key.secret_hash,
        "may": [key.territory_id, key.hourly_limit],
        "revoked": [key.revoked_by_id, key.revoke_reason],
    }


def audited_public_text(text: PublicText) -> dict[str, Any]:
    return {"of": text.complaint_id, "text": digest_of(text.text), "shown": text.is_shown}


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def audited_instrument(instrument: Instrument) -> dict[str, Any]:
    """What was asked, for good."""
    return {"of": [instrument.audience, instrument.version], "asked": digest_of([instrument.content])}


def audited_round(round: Round) -> dict[str, Any]:
    """When and with what it was held, and what came out; never who answered."""
    result = RoundResult.objects.filter(round=round).first()
    return {
        "of": [round.territory_id, round.cycle_id, round.instrument_id],
        "days": [_day(round.opens_on), _day(round.closes_on)],
        "state": [round.state, round.called_off_reason],
        "result": digest_of([result.figures, result.digest]) if result else None,
    }
