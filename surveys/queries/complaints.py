"""Reading complaints: the inbox, one case with its thread, what its person reads. Constant queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from benefits_core.models import Step
from portal.foundation.clocks import domain as clocks
from portal.foundation.receipts.keys import CODE_LENGTH, normalize_code
from portal.foundation.territories.models import Territory
from portal.foundation.territories.names import fold
from portal.foundation.ui.plain_language import advice
from quality.models import CatalogueVersion, ComplaintCategory
from surveys.enums import OPEN_STATES, CodingRound, ComplaintState, EntryKind
from surveys.models import AnswerTemplate, Complaint, ComplaintCoding, ComplaintEntry, ComplaintFile, ComplaintQuerySet
from surveys.models.thread import waiting_to_be_read
from surveys.queries.terms import ANSWER_CLOCK, running_clock

# What the inbox can be narrowed to by term; the words are the filter's.
TERMS = {
    "late": _("Past the term"),
    "soon": _("The term ends within a week"),
    "paused": _("Waits for the person"),
    "alert": _("Serious: discrimination or personal data"),
    "unassigned": _("Nobody in charge"),
    "second": _("Waits for a second coding"),
    "uncoded": _("Answered, without a cause"),
    "added": _("Answered, and the person added something"),
}


@dataclass(frozen=True)
class InboxFilter:
    """What is looked for; empty values ask for nothing. ``state`` "open" stands for every open state."""

    text: str = ""
    state: str = ""
    kind: str = ""
    category: str = ""
    channel: str = ""
    term: str = ""
    mine: bool = False
    service_point: Any = None
    territory: Any = None


def inbox(user: Any, wanted: InboxFilter, today: date) -> ComplaintQuerySet:
    """What ``user`` may read and asks for: the open ones by their term, and then the latest."""
    found = Complaint.objects.visible_to(user)
    if wanted.territory is not None:
        found = found.filter(territory=wanted.territory)
    if wanted.state == "open":
        found = found.filter(state__in=OPEN_STATES)
    elif wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.category:
        found = found.filter(category__isnull=True) if wanted.category == "none" else _of(found, wanted.category)
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.service_point is not None:
        found = found.filter(service_point=wanted.service_point)
    if wanted.mine:
        found = found.filter(owner=user)
    found = _by_term(found, wanted.term, today, user)
    if wanted.text:
        found = found.filter(_matching(wanted.text))
    order = ("due_on", "pk") if wanted.state == "open" else ("-received_at", "-pk")
    return found.select_related("category", "owner", "service_point", "territory").order_by(*order)


def _of(found: ComplaintQuerySet, code: str) -> ComplaintQuerySet:
    return found.filter(category__in=ComplaintCategory.objects.filter(code=code).values("pk"))


def _by_term(found: ComplaintQuerySet, term: str, today: date, user: Any) -> ComplaintQuerySet:
    if term == "late":
        return found.overdue(today)
    if term == "soon":
        until = date.fromordinal(today.toordinal() + 7)
        return found.open().filter(paused_on__isnull=True, due_on__range=(today, until))
    if term == "paused":
        return found.filter(state=ComplaintState.WAITING)
    if term == "alert":
        return found.open().exclude(alert="")
    if term == "unassigned":
        return found.open().filter(owner__isnull=True)
    if term == "second":
        mine = ComplaintCoding.objects.filter(round=CodingRound.FIRST, coder=user)
        waiting = found.filter(needs_second_coding=True, second_coded_at__isnull=True)
        return waiting.exclude(pk__in=mine.values("complaint"))
    if term == "added":
        return found.filter(waiting_to_be_read())
    if term == "uncoded":
        return found.filter(state__in=[ComplaintState.ANSWERED, ComplaintState.CLOSED], coded_at__isnull=True)
    return found


def _matching(text: str) -> Q:
    """A code, as people copy it, or words of the text, accents and case aside."""
    words = fold(text).split()
    condition = Q(pk__in=[]) if not words else Q()
    for word in words:
        condition &= Q(search_text__contains=word)
    code = normalize_code(text)
    return condition | Q(code=code) if len(code) == CODE_LENGTH else condition


def categories(version: CatalogueVersion | None) -> QuerySet[ComplaintCategory]:
    """The categories of an edition of the catalogue, in order."""
    return ComplaintCategory.objects.filter(version=version).order_by("code")


def recorded_alike(territory: Territory, clerk: Any, text: str, received_on: date, dedupe_key: str) -> Complaint | None:
    """What ``clerk`` wrote down in the same words, received the same day, by another sending than ``dedupe_key``."""
    words = text.replace("\r\n", "\n").strip()
    same = Complaint.objects.filter(territory=territory, received_on=received_on, recorded_by=clerk, text=words)
    return same.exclude(dedupe_key=dedupe_key).order_by("-pk").first()


def one(user: Any) -> ComplaintQuerySet:
    """What a complaint's page needs of the row itself."""
    return Complaint.objects.visible_to(user).select_related(
        "territory__region",
        "category",
        "category_said",
        "owner",
        "about_user",
        "recorded_by",
        "service_point",
        "step__version__procedure",
    )


def thread(complaint: Complaint, *, public: bool) -> list[ComplaintEntry]:
    """The entries in order with their answers and files; four queries, however many there are."""
    entries = ComplaintEntry.objects.filter(complaint=complaint)
    if public:
        entries = entries.public()
    files = ComplaintFile.objects.select_related("file")
    return list(entries.select_related("by", "answer").prefetch_related(Prefetch("files", files)).order_by("at", "id"))


def first_files(complaint: Complaint) -> list[ComplaintFile]:
    """The files that came with the complaint itself."""
    return list(complaint.files.filter(entry__isnull=True).select_related("file"))


def expected_on(complaint: Complaint, at: datetime) -> date | None:
    """When the answer is due; of one that waits for the person, when it would be if the reply came now."""
    clock = running_clock(complaint, ANSWER_CLOCK)
    return clocks.forecast(clock, at=at) if clock else None


def codings_shown(complaint: Complaint, user: Any) -> list[ComplaintCoding]:
    """The codings that ``user`` may see now: while a second one is awaited, nobody but its writer sees the first."""
    found = complaint.codings.select_related("coder").prefetch_related("standards")
    if complaint.needs_second_coding and complaint.second_coded_at is None:
        found = found.filter(coder=user)
    return list(found)


def are_alike(codings: Sequence[ComplaintCoding]) -> bool:
    """Do two codings, and no more, name the same cause and the same standards?"""
    said = [(each.cause, {standard.code for standard in each.standards.all()}) for each in codings]
    return len(said) == 2 and said[0] == said[1]


def waits_for_second_coding_by(complaint: Complaint, user: Any) -> bool:
    return (
        complaint.needs_second_coding
        and complaint.second_coded_at is None
        and not complaint.codings.filter(round=CodingRound.FIRST, coder=user).exists()
    )


def unsent_answer(complaint: Complaint, user: Any) -> ComplaintEntry | None:
    """The last text of ``user`` that was not sent because somebody else was quicker."""
    return complaint.entries.filter(kind="unsent", by=user).order_by("-at", "-id").first()


def last_entry(complaint: Complaint) -> int:
    """The number of the last entry of its thread; 0 where nothing was said."""
    return complaint.entries.order_by("-pk").values_list("pk", flat=True).first() or 0


def said_since(complaint: Complaint, seen: int | None, *, but: ComplaintEntry) -> list[ComplaintEntry]:
    """What was said after the entry of number ``seen``, notes among the team and ``but`` left out."""
    later = complaint.entries.filter(pk__gt=seen or 0).exclude(pk=but.pk).exclude(kind=EntryKind.NOTE)
    return list(later.select_related("by").order_by("at", "id"))


def revision_of(complaint: Complaint) -> int:
    """The revision that is stored now."""
    return Complaint.objects.values_list("revision", flat=True).get(pk=complaint.pk)


def step_chosen(complaint: Complaint, pk: int | None) -> Step | None:
    """The step with that id; the one that it has already stays, even where a newer version has begun."""
    if pk is None or (complaint.step is not None and complaint.step_id == pk):
        return complaint.step if pk else None
    return Step.objects.filter(pk=pk).first()


def answer_to_begin_with(complaint: Complaint, template: str, today: date) -> dict[str, Any]:
    """What the form of the answer holds at first: a template filled in, or nothing."""
    usable = AnswerTemplate.objects.usable_at(complaint.territory)
    chosen = usable.filter(pk=int(template)).first() if template.isascii() and template.isdigit() else None
    begun: dict[str, Any] = {"revision": complaint.revision, "seen": last_entry(complaint)}
    if chosen is not None:
        known = {
            "{codigo}": complaint.shown_code,
            "{municipalidad}": complaint.territory.name,
            "{fecha}": date_format(today),
            "{recibido}": date_format(complaint.received_on),
        }
        for part in ("found", "action", "next_step"):
            begun[part] = _filled(getattr(chosen, part), known)
    return begun


def plain_advice(text: str) -> list[str]:
    """What makes an answer hard to read: advice, never a refusal."""
    return advice(text)


def _filled(text: str, known: dict[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(name, value)
    return text


def files_for_the_person(complaint: Complaint) -> QuerySet[ComplaintFile]:
    """The files that came with it or with what the person reads of the thread."""
    readable = Q(entry__isnull=True) | Q(entry__in=ComplaintEntry.objects.filter(complaint=complaint).public())
    return complaint.files.filter(readable).select_related("file")
