"""Frameworks and documents that a catalogue names by code, in words.

A published catalogue is never changed, so its codes («SERVQUAL empathy», «CAF 5») are put into words here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES: dict[str, str | Promise] = {
    "CAF": gettext_lazy("CAF 2020, the European framework for public administrations"),
    "ISO18091": gettext_lazy("ISO 18091:2019, quality in local government"),
    "SERVQUAL": gettext_lazy("SERVQUAL, the quality that people perceive"),
    "UNE93200": gettext_lazy("UNE 93200, service charters"),
    "RD951": gettext_lazy("Royal Decree 951/2005 of Spain, quality programs"),
    "MESU": gettext_lazy("Measurement of users' satisfaction, Ministry of Finance of Chile"),
    "A11": gettext_lazy("Circular A-11, section 280, of the United States"),
    "CMT": gettext_lazy("Common Measurements Tool of Canada"),
    "UKSS": gettext_lazy("Service Standard of the United Kingdom"),
    "L18695": gettext_lazy("Law 18.695 on municipalities, article 98"),
    "L19880": gettext_lazy("Law 19.880 on administrative procedures, terms"),
    "L20285": gettext_lazy("Law 20.285 on access to public information"),
    "L20422": gettext_lazy("Law 20.422 on inclusion, preferential attention"),
    "L21180": gettext_lazy("Law 21.180 on digital transformation of the State"),
    "L21719": gettext_lazy("Law 21.719 on personal data"),
    "ISO10002": gettext_lazy("ISO 10002:2018, handling of complaints"),
}
PARTS: dict[str, str | Promise] = {
    "effectiveness": gettext_lazy("effectiveness"),
    "efficiency": gettext_lazy("efficiency"),
    "employee": gettext_lazy("treatment by the staff"),
    "humanity": gettext_lazy("humane treatment"),
    "transparency": gettext_lazy("transparency"),
    "ease of access": gettext_lazy("ease of access"),
    "outcome": gettext_lazy("outcome"),
    "staff": gettext_lazy("staff"),
    "timeliness": gettext_lazy("timeliness"),
    "assurance": gettext_lazy("assurance"),
    "empathy": gettext_lazy("empathy"),
    "reliability": gettext_lazy("reliability"),
    "responsiveness": gettext_lazy("responsiveness"),
    "tangibles": gettext_lazy("what is seen and touched"),
    "commitments": gettext_lazy("commitments"),
    "remedy": gettext_lazy("remedy"),
    "agrado": gettext_lazy("pleasantness"),
    "canales": gettext_lazy("channels"),
    "habilitación": gettext_lazy("enablement"),
    "Annex B": gettext_lazy("annex B, processes"),
    "Annex C": gettext_lazy("annex C, citizen observatory"),
}
DOCUMENTS: dict[str, str | Promise] = {
    "OGP CL0078 (fr)": gettext_lazy("commitment CL0078 of Chile, Open Government Partnership"),
}


def in_words(names: Sequence[str], known: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Each framework once, with the parts of it that are named.

    :param known: words of the catalogue itself, for a framework that is not named here.
    """
    found: dict[str, list[str]] = {}
    for name in names:
        code, _space, part = name.partition(" ")
        parts = found.setdefault(code, [])
        parts += [_part(each.strip()) for each in part.split(",") if each.strip()]
    return [(str(NAMES.get(code, known.get(code, code))), parts) for code, parts in found.items()]


def document_in_words(source: Mapping[str, str]) -> str:
    """Where the text of a standard was taken from; empty where nothing is said."""
    document = source.get("document", "")
    return str(DOCUMENTS.get(document, document))


def _part(part: str) -> str:
    if part.isdigit():
        return _("point %(number)s") % {"number": part}
    return str(PARTS.get(part, part))
