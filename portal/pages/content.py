"""The texts that a new site starts with, in both languages; editors change them afterwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PageText:
    """One page in one language. ``body`` is StreamField data: (block type, value)."""

    slug: str
    title: str
    introduction: str
    body: tuple[tuple[str, object], ...] = ()
    show_in_footer: bool = False


HOME = {
    "es": PageText(
        "inicio",
        "Mejor atención en su municipalidad",
        "Vea cómo atiende su municipalidad en el Registro Social de Hogares, qué está mejorando y qué ha cambiado.",
    ),
    "en": PageText(
        "home",
        "Better service at your municipality",
        "See how your municipality serves people at the Social Household Registry, what it is improving and what "
        "has changed.",
    ),
}

MUNICIPALITIES = {
    "es": PageText("municipalidades", "Busque su municipalidad", ""),
    "en": PageText("municipalities", "Find your municipality", ""),
}

NEWS = {"es": PageText("noticias", "Noticias", ""), "en": PageText("news", "News", "")}

CONTENT = (
    {
        "es": PageText(
            "que-es",
            "Qué es este programa",
            "Cada año, las municipalidades revisan cómo atienden, dicen qué les falta y se comprometen a mejorarlo.",
            (
                ("heading", "Cómo funciona"),
                (
                    "steps",
                    [
                        {
                            "title": "El equipo se revisa",
                            "text": "<p>Compara su trabajo con 31 estándares de calidad y muestra pruebas.</p>",
                        },
                        {
                            "title": "Se ven las brechas",
                            "text": "<p>Una brecha es lo que falta para cumplir un estándar.</p>",
                        },
                        {
                            "title": "Se escribe un plan",
                            "text": "<p>El plan dice qué se hará, quién lo hará y para cuándo. Usted puede opinar.</p>",
                        },
                        {
                            "title": "La región comprueba",
                            "text": "<p>El equipo regional revisa las pruebas antes de dar por buena una mejora.</p>",
                        },
                        {
                            "title": "Se publica el resultado",
                            "text": "<p>Usted ve qué cambió, con fechas y en palabras simples.</p>",
                        },
                    ],
                ),
                ("heading", "Qué puede hacer usted"),
                (
                    "paragraph",
                    "<p>Busque su municipalidad, lea su plan y, si está abierto a comentarios, deje el suyo. "
                    "No necesita una cuenta.</p>",
                ),
            ),
        ),
        "en": PageText(
            "about",
            "What this programme is",
            "Every year municipalities review how they serve people, say what is missing and commit to improving it.",
            (
                ("heading", "How it works"),
                (
                    "steps",
                    [
                        {
                            "title": "The team reviews itself",
                            "text": "<p>It compares its work with 31 quality standards and shows evidence.</p>",
                        },
                        {"title": "Gaps are seen", "text": "<p>A gap is what is missing to meet a standard.</p>"},
                        {
                            "title": "A plan is written",
                            "text": "<p>It says what will be done, by whom and by when. You can comment.</p>",
                        },
                        {
                            "title": "The region checks",
                            "text": "<p>The regional team looks at the evidence before an improvement counts.</p>",
                        },
                        {
                            "title": "The result is published",
                            "text": "<p>You see what changed, with dates and in plain words.</p>",
                        },
                    ],
                ),
                ("heading", "What you can do"),
                (
                    "paragraph",
                    "<p>Find your municipality, read its plan and, if it is open to comments, leave yours. "
                    "You need no account.</p>",
                ),
            ),
        ),
    },
    {
        "es": PageText(
            "como-leer",
            "Cómo leer los niveles",
            "Cada estándar tiene un nivel de 0 a 3. Desde el nivel 2 decimos que se cumple.",
            (
                (
                    "paragraph",
                    "<ul><li><b>0 · Inexistente:</b> no se hace o no hay pruebas.</li>"
                    "<li><b>1 · Parcial:</b> está definido, o se hace a veces.</li>"
                    "<li><b>2 · Aplicado:</b> se hace siempre, con pruebas.</li>"
                    "<li><b>3 · Medido y mejorado:</b> además se mide y se mejora.</li></ul>",
                ),
                ("heading", "Dos miradas"),
                (
                    "paragraph",
                    "<p>El nivel del <b>autodiagnóstico</b> lo dice el propio equipo. El nivel <b>verificado</b> lo "
                    "dice la región después de revisar las pruebas. Mostramos los dos, y decimos cuándo no "
                    "coinciden.</p>",
                ),
                (
                    "inset",
                    "<p>No comparamos municipalidades entre sí: cada una trabaja con equipos y demandas distintas.</p>",
                ),
            ),
        ),
        "en": PageText(
            "reading-levels",
            "How to read the levels",
            "Every standard has a level from 0 to 3. From level 2 on we say that it is met.",
            (
                (
                    "paragraph",
                    "<ul><li><b>0 · Absent:</b> not done, or no evidence.</li>"
                    "<li><b>1 · Partial:</b> defined, or done at times.</li>"
                    "<li><b>2 · Applied:</b> always done, with evidence.</li>"
                    "<li><b>3 · Measured and improved:</b> also measured and improved.</li></ul>",
                ),
                ("heading", "Two views"),
                (
                    "paragraph",
                    "<p>The <b>self-assessed</b> level is what the team says of itself. The <b>verified</b> level is "
                    "what the region says after looking at the evidence. We show both, and say when they "
                    "differ.</p>",
                ),
                (
                    "inset",
                    "<p>We do not rank municipalities: each works with its own team and its own demand.</p>",
                ),
            ),
        ),
    },
    {
        "es": PageText(
            "accesibilidad-y-privacidad",
            "Accesibilidad y privacidad",
            "Este sitio funciona en teléfonos sencillos, con lector de pantalla y sin JavaScript.",
            (
                ("heading", "Si algo no le funciona"),
                ("paragraph", "<p>Cuéntelo en su municipalidad. Puede ir en persona o llamar por teléfono.</p>"),
                ("heading", "Sus datos"),
                (
                    "paragraph",
                    "<p>Para leer este sitio no pedimos datos. Si comenta un plan, su nombre es opcional. "
                    "No guardamos la dirección de su equipo.</p>",
                ),
            ),
            show_in_footer=True,
        ),
        "en": PageText(
            "accessibility-and-privacy",
            "Accessibility and privacy",
            "This site works on simple phones, with a screen reader and without JavaScript.",
            (
                ("heading", "If something does not work for you"),
                ("paragraph", "<p>Tell your municipality, in person or by telephone.</p>"),
                ("heading", "Your data"),
                (
                    "paragraph",
                    "<p>Reading this site asks for no data. If you comment on a plan, your name is optional. "
                    "We do not keep your device's address.</p>",
                ),
            ),
            show_in_footer=True,
        ),
    },
)
