"""What people come for, and how long they should wait at most: both are a municipality's to say."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from benefits_core.enums import Channel
from benefits_core.errors import InvalidContent
from benefits_core.models import HiddenMatter, Matter, Procedure, WaitPromise
from portal.foundation.audit.domain import record
from portal.foundation.territories.models import Territory

NAME_LENGTH = 60
CHILE = Path(__file__).parent.parent / "data" / "matters-cl.yaml"


@transaction.atomic
def load_matters(*, territory: Territory, source: Path = CHILE, by: Any, at: datetime) -> int:
    """Write the default matters of a country; run again, it changes only what the list changed.

    :param source: YAML, a list in the order of the forms, each with ``key``, ``name`` ({"es", "en"}) and, where it
        belongs to one, ``procedure``: the key of a national procedure. One that is not there yet is linked the next
        time.
    :returns: how many were written or changed.
    """
    import yaml

    matters = yaml.safe_load(source.read_text(encoding="utf-8"))
    known = {matter.key: matter for matter in Matter.objects.filter(territory=territory)}
    keys = [given["procedure"] for given in matters if "procedure" in given]
    procedures = dict(Procedure.objects.filter(territory=None, key__in=keys).values_list("key", "pk"))
    changed = 0
    for position, given in enumerate(matters, start=1):
        matter = known.get(given["key"]) or Matter(territory=territory, key=given["key"])
        procedure = procedures.get(given.get("procedure", ""), matter.procedure_id)
        written = (matter.name, matter.position, matter.procedure_id)
        if written != (given["name"], position, procedure) or matter.pk is None:
            matter.name, matter.position, matter.procedure_id = dict(given["name"]), position, procedure
            matter.save()
            changed += 1
    if changed:
        record(
            verb="benefits_core.load_matters",
            object=territory,
            by=by,
            at=at,
            territory=territory,
            detail={"changed": changed},
        )
    return changed


@transaction.atomic
def add_matter(
    *, territory: Territory, name: str, name_en: str = "", procedure: Procedure | None = None, by: Any, at: datetime
) -> Matter:
    """Add a matter of ``territory``'s own, after those that are there.

    :raises InvalidContent: no name, too long, or one of that name is there already.
    """
    texts = _names(name, name_en)
    last = Matter.objects.filter(territory=territory).order_by("-position").first()
    matter = Matter(
        territory=territory,
        key=slugify(texts["es"])[:60] or "otra",
        name=texts,
        # A municipality's own matters come after the country's.
        position=(last.position if last else 100) + 1,
        procedure=procedure,
    )
    try:
        with transaction.atomic():
            matter.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidContent(_("There is a matter of that name already."), "name") from error
    record(verb="benefits_core.add_matter", object=matter, by=by, at=at, territory=territory)
    return matter


@transaction.atomic
def change_matter(
    *, matter: Matter, name: str, name_en: str = "", procedure: Procedure | None = None, by: Any, at: datetime
) -> Matter:
    """Say anew what a matter is called and to which procedure it belongs; its key stays.

    Attentions that are written already keep the procedure that they had.

    :raises InvalidContent: no name, or too long.
    """
    matter = _locked(matter)
    matter.name, matter.procedure = _names(name, name_en), procedure
    matter.save()
    record(verb="benefits_core.change_matter", object=matter, by=by, at=at, territory=matter.territory)
    return matter


@transaction.atomic
def retire_matter(*, matter: Matter, by: Any, at: datetime) -> Matter:
    """Offer it no more; attentions about it stay."""
    matter = _locked(matter)
    matter.is_active = False
    matter.save(update_fields=["is_active"])
    record(verb="benefits_core.retire_matter", object=matter, by=by, at=at, territory=matter.territory)
    return matter


@transaction.atomic
def restore_matter(*, matter: Matter, by: Any, at: datetime) -> Matter:
    """Offer it again."""
    matter = _locked(matter)
    matter.is_active = True
    matter.save(update_fields=["is_active"])
    record(verb="benefits_core.restore_matter", object=matter, by=by, at=at, territory=matter.territory)
    return matter


@transaction.atomic
def hide_matter(*, matter: Matter, territory: Territory, by: Any, at: datetime) -> None:
    """Leave a matter of a place above out of ``territory``'s forms. Hidden already: nothing happens.

    :raises InvalidContent: nothing would be left to choose.
    """
    offered = Matter.objects.offered_in(territory)
    if not offered.exclude(pk=matter.pk).exists():
        raise InvalidContent(_("Keep one matter at least, or nothing can be recorded."))
    _row, created = HiddenMatter.objects.get_or_create(territory=territory, matter=matter)
    if created:
        record(verb="benefits_core.hide_matter", object=matter, by=by, at=at, territory=territory)


@transaction.atomic
def show_matter(*, matter: Matter, territory: Territory, by: Any, at: datetime) -> None:
    """Offer a hidden matter again."""
    deleted, _rows = HiddenMatter.objects.filter(territory=territory, matter=matter).delete()
    if deleted:
        record(verb="benefits_core.show_matter", object=matter, by=by, at=at, territory=territory)


@transaction.atomic
def promise_wait(
    *, territory: Territory, channel: str, minutes: int, starts_on: date, by: Any, at: datetime
) -> WaitPromise:
    """Promise a longest wait in a channel from the first day of a month on.

    A promise for a month that has one already replaces it while that month has not begun.

    :raises InvalidContent: not the first of a month, a past month, or minutes that are not offered.
    """
    if channel not in Channel.values:
        raise InvalidContent(_("Choose one of the options shown."), "channel")
    if minutes not in WaitPromise.MINUTES:
        raise InvalidContent(_("Choose one of the options shown."), "minutes")
    if starts_on.day != 1:
        raise InvalidContent(_("A promise begins on the first day of a month."), "starts_on")
    this_month = at.astimezone(territory.zone).date().replace(day=1)
    # What is promised from above is this place's promise too: waits are judged by it already.
    promises = WaitPromise.objects.filter(territory__path__in=territory.chain(), channel=channel)
    begun = promises.filter(starts_on__lte=this_month)
    # The first promise of all may count from this month on; later ones only change what is to come.
    if starts_on < this_month or (starts_on == this_month and begun.exists()):
        raise InvalidContent(_("A promise that has begun does not change. Choose a later month."), "starts_on")
    promise, _created = WaitPromise.objects.update_or_create(
        territory=territory,
        channel=channel,
        starts_on=starts_on,
        defaults={"minutes": minutes, "set_by": by, "set_at": at},
    )
    detail = {"channel": channel, "minutes": minutes, "starts_on": starts_on.isoformat()}
    record(verb="benefits_core.promise_wait", object=promise, by=by, at=at, territory=territory, detail=detail)
    return promise


def _locked(matter: Matter) -> Matter:
    return Matter.objects.select_for_update(of=("self",)).select_related("territory").get(pk=matter.pk)


def _names(name: str, name_en: str) -> dict[str, str]:
    texts = {"es": " ".join(name.split()), "en": " ".join(name_en.split())}
    if not texts["es"]:
        raise InvalidContent(_("Write the name."), "name")
    for language, field in (("es", "name"), ("en", "name_en")):
        if len(texts[language]) > NAME_LENGTH:
            raise InvalidContent(_("Write %s characters at most.") % NAME_LENGTH, field)
    return {language: text for language, text in texts.items() if text}
