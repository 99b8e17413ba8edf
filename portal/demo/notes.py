"""Notes of the counter: invented texts that the searches for themes of the demonstration read.

They are a source of texts and not rows of a table: the same municipality and days always give the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.foundation.indicators.registry import Period
from surveys import sources
from surveys.sources import SourceText, TextSource

KEY = "demo.notes"
PER_WEEK = 4

# What the notes are about, how often, and sentences that are put together.
MATTERS: dict[str, tuple[int, tuple[str, ...]]] = {
    "wait": (
        5,
        (
            "Esperó más de dos horas en la fila y nadie avisaba cuánto faltaba.",
            "Le dieron número temprano, pero la espera fue hasta mediodía.",
            "No había sillas para esperar el turno y venía con su mamá mayor.",
            "La sala de espera se llena y los números se acaban temprano.",
            "Había una sola persona en ventanilla y la fila salía a la calle.",
            "Pidió un turno por teléfono y igual tuvo que esperar en la fila.",
        ),
    ),
    "treatment": (
        3,
        (
            "Dice que la funcionaria le habló de mala forma delante de todos.",
            "Le gritaron en el mesón y no le dejaron explicar su caso.",
            "El trato fue grosero y le dijeron que no molestara más.",
            "Quien atiende es prepotente, no saluda ni mira a las personas.",
            "Le trataron con poco respeto porque no entendía el formulario.",
        ),
    ),
    "system": (
        4,
        (
            "La página del registro no carga y la clave no funciona.",
            "El sistema estaba caído y la clave tampoco servía en la página.",
            "Intentó subir un archivo por internet y la página da error.",
            "No pudo ingresar a la plataforma, la clave da error en el sistema.",
            "La página web dice que el sistema está en mantención hace días.",
        ),
    ),
    "papers": (
        4,
        (
            "Le pidieron un certificado que ya había entregado el mes pasado.",
            "Cada vez piden otro documento y nadie entrega una lista clara.",
            "Vino tres veces por un certificado que faltaba en la solicitud.",
            "Le exigieron fotocopia del contrato y después el documento no servía.",
            "No le explican qué documentos hay que traer con la solicitud.",
        ),
    ),
}
ENDS = (
    "",
    "",
    "",
    "Vive en pasaje Los Aromos 123.",
    "Su número es 9 8765 4321.",
    "Es Juana Pérez, RUT 12.345.678-5.",
    "Escribir a vecina@demo.example.",
    "Pide una respuesta.",
)


def texts(territories: Sequence[Any], period: Period) -> Iterator[SourceText]:
    """So many notes a week, on the days of the period."""
    for territory in territories:
        random = Random(f"{territory.code} {period.starts_on}")  # noqa: S311  (a repeatable story)
        days = (period.ends_on - period.starts_on).days
        for number in range(days * PER_WEEK // 7):
            names = list(MATTERS)
            matter = random.choices(names, [MATTERS[name][0] for name in names])[0]
            sentences = [*random.sample(MATTERS[matter][1], 2), random.choice(ENDS)]
            yield SourceText(
                reference=f"{territory.code}-{period.starts_on:%Y%m%d}-{number + 1}",
                text=" ".join(sentence for sentence in sentences if sentence),
                said_on=period.starts_on + timedelta(days=random.randrange(days + 1)),
            )


SOURCE = TextSource(KEY, _("Notes of the counter (demonstration)"), texts)


@contextmanager
def registered() -> Iterator[None]:
    """The source is there while the demonstration is built; a running one has it all the time."""
    sources.register(SOURCE)
    try:
        yield
    finally:
        if not settings.DEMO:
            sources.unregister(KEY)
