"""What the people of the demonstration write, in their own language: it is data, not interface."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Improvement:
    """A line of a plan that a team could write for a standard."""

    standard: str
    kind: str
    title: str
    problem: str
    root_cause: str
    improvement: str
    public_summary: str
    indicator: str
    baseline: str
    goal: str
    data_source: str
    milestones: tuple[str, str]
    amount: int | None = None


IMPROVEMENTS = (
    Improvement(
        "E02",
        "prioritized",
        "Esperar menos en el mesón",
        "En las mañanas las personas esperan más de una hora y nadie lo mide.",
        "No hay un tiempo máximo definido. Los turnos se arman por costumbre y no según la demanda.",
        "Fijar un máximo de 30 minutos, medirlo con el número de atención y reforzar las horas punta.",
        "Queremos que nadie espere más de 30 minutos en el mesón. Publicaremos cuánto se espera cada mes.",
        "Atenciones con espera de 30 minutos o menos",
        "48 %",
        "80 %",
        "Ordenador de fila",
        ("Turnos de hora punta definidos", "Primer mes medido y publicado"),
        1_800_000,
    ),
    Improvement(
        "E14",
        "protocol",
        "Protocolo de atención presencial",
        "Cada persona del equipo atiende a su manera y los usuarios reciben respuestas distintas.",
        "El protocolo es de hace varios años y no se conversó con el equipo actual.",
        "Escribir el protocolo con el equipo, validarlo y observar su uso en el mesón.",
        "Todas las personas recibirán el mismo trato y los mismos pasos, los atienda quien los atienda.",
        "Atenciones observadas que siguen el protocolo",
        "Sin medición",
        "85 %",
        "Pauta de observación",
        ("Borrador conversado con el equipo", "Protocolo validado y en uso"),
    ),
    Improvement(
        "E16",
        "prioritized",
        "Fichas de trámites en palabras simples",
        "Las personas no entienden los requisitos y deben volver dos o tres veces.",
        "Las fichas copian el texto de la norma y nadie las prueba con usuarios.",
        "Reescribir las cinco fichas más usadas y probarlas con usuarios antes de publicarlas.",
        "Reescribiremos los requisitos en palabras simples, para que no tenga que volver.",
        "Personas que vuelven por falta de un documento",
        "31 %",
        "15 %",
        "Registro de atenciones",
        ("Cinco fichas reescritas", "Fichas probadas y publicadas"),
        450_000,
    ),
    Improvement(
        "E20",
        "transversal",
        "Atención preferente que se nota",
        "Personas mayores y con discapacidad esperan en la misma fila que todas.",
        "No hay un procedimiento escrito ni señalética para la atención preferente.",
        "Definir el procedimiento, señalizar un puesto y capacitar al equipo.",
        "Habrá un puesto preferente, bien señalizado, para quien lo necesita.",
        "Personas con derecho que pasan por el puesto preferente",
        "Sin medición",
        "90 %",
        "Registro de atenciones",
        ("Puesto señalizado", "Equipo capacitado"),
        620_000,
    ),
    Improvement(
        "E15",
        "protocol",
        "Responder a tiempo los mensajes",
        "Los correos y mensajes se responden después de varios días, o no se responden.",
        "Nadie está a cargo de los canales virtuales y no hay plazos escritos.",
        "Escribir el protocolo virtual, nombrar responsables y responder en dos días hábiles.",
        "Responderemos los mensajes en dos días hábiles. Habrá una persona a cargo.",
        "Mensajes respondidos en dos días hábiles",
        "35 %",
        "85 %",
        "Casilla de atención",
        ("Responsable y reemplazo nombrados", "Protocolo virtual en uso"),
    ),
    Improvement(
        "E22",
        "infrastructure",
        "Entrada accesible a la oficina",
        "Quienes usan silla de ruedas no pueden entrar sin ayuda.",
        "La entrada tiene un escalón y la puerta es angosta.",
        "Construir la rampa y ampliar la puerta con fondos municipales.",
        "Construiremos una rampa y ampliaremos la puerta, para que todas las personas entren solas.",
        "Puntos de la pauta de accesibilidad que se cumplen",
        "6 de 14",
        "12 de 14",
        "Pauta de accesibilidad",
        ("Proyecto aprobado", "Obra recibida"),
        8_500_000,
    ),
    Improvement(
        "E27",
        "prioritized",
        "Registrar todas las atenciones",
        "Solo se anota parte de las atenciones y no se sabe cuánta gente viene.",
        "El registro es una planilla que se llena al final del día.",
        "Registrar cada atención en el momento, en el mesón, en terreno y por teléfono.",
        "Anotaremos cada atención para organizar mejor los turnos.",
        "Días hábiles con registro completo",
        "40 %",
        "95 %",
        "Registro de atenciones",
        ("Equipo capacitado en el registro", "Primer mes completo"),
    ),
    Improvement(
        "E29",
        "prioritized",
        "Un buzón que sí responde",
        "Los reclamos se reciben en papel y muchos quedan sin respuesta.",
        "No hay procedimiento ni plazo, y nadie revisa qué se repite.",
        "Ordenar el procedimiento, responder en plazo y revisar los reclamos cada tres meses.",
        "Cada reclamo tendrá respuesta con razones. Cada tres meses revisaremos qué se repite.",
        "Reclamos respondidos en plazo",
        "52 %",
        "90 %",
        "Registro de reclamos",
        ("Procedimiento aprobado", "Primera revisión trimestral"),
    ),
    Improvement(
        "E11",
        "training",
        "Taller de trato digno",
        "Hay usuarios que dicen que no los escucharon.",
        "El equipo no ha tenido formación en trato en los últimos dos años.",
        "Hacer un taller con casos reales y acordar una pauta de trato.",
        "El equipo se formará en buen trato y acordará una pauta que usted podrá leer.",
        "Integrantes del equipo que completan el taller",
        "0 de 9",
        "9 de 9",
        "Lista de asistencia",
        ("Taller realizado", "Pauta acordada"),
        300_000,
    ),
    Improvement(
        "E30",
        "prioritized",
        "Contar lo que hicimos",
        "Las personas no saben qué se mejoró ni qué pasó con sus propuestas.",
        "Se informa una vez al año en un documento largo que casi nadie lee.",
        "Publicar un panel simple en la oficina y en la web, con respuesta a cada propuesta.",
        "Publicaremos un panel con lo que mejoramos y con la respuesta a cada propuesta.",
        "Propuestas con respuesta publicada",
        "10 %",
        "100 %",
        "Panel y página municipal",
        ("Panel diseñado con usuarios", "Panel publicado"),
        150_000,
    ),
    Improvement(
        "E24",
        "infrastructure",
        "Conversar en privado",
        "En el mesón todos escuchan la situación de quien está adelante.",
        "Los puestos están juntos y no hay una sala para casos delicados.",
        "Poner separadores y habilitar una sala pequeña.",
        "Habrá separadores y una sala para conversar en privado.",
        "Puestos con separación que impide escuchar",
        "0 de 4",
        "4 de 4",
        "Lista de verificación",
        ("Separadores instalados", "Sala habilitada"),
        2_100_000,
    ),
    Improvement(
        "E18",
        "prioritized",
        "Saber en qué va mi solicitud",
        "Las personas vienen solo a preguntar en qué va su solicitud.",
        "El comprobante no explica cómo consultar y nadie llama cuando hay novedad.",
        "Entregar un comprobante claro y avisar por mensaje cuando hay respuesta.",
        "Le daremos un comprobante claro y le avisaremos cuando su solicitud tenga respuesta.",
        "Visitas solo para preguntar el estado",
        "22 %",
        "10 %",
        "Registro de atenciones",
        ("Comprobante nuevo en uso", "Primeros avisos enviados"),
    ),
)

NOTES = {  # level → what a team would add to it
    0: (
        "Todavía no lo hacemos. Queda para el plan de mejora.",
        "No hay nada escrito y nadie está a cargo.",
        "Se conversó en el equipo, pero aún no partimos.",
    ),
    1: (
        "Se hace a veces. Falta dejarlo por escrito.",
        "Lo aplicamos en el mesón. En terreno todavía no.",
        "Hay un borrador y no todo el equipo lo usa.",
        "Cambió la jefatura y estamos retomando el trabajo.",
    ),
    2: (
        "Tenemos el documento vigente y se usa.",
        "Se hace siempre y queda registro.",
        "Se revisó con el equipo y se aplica en la oficina y en terreno.",
    ),
    3: (
        "Lo medimos cada tres meses y corregimos lo que no funciona.",
        "Vemos los resultados en la reunión mensual y ajustamos.",
    ),
}

STRENGTHS = (
    "Un equipo con experiencia y buena coordinación con las juntas de vecinos.",
    "Buen trato en el mesón y salidas a terreno todos los meses.",
    "Ganas de mejorar y apoyo de la dirección.",
)

NOT_APPLICABLE_REASONS = {  # of the standards that a place may have a reason to leave out
    "E05": "La comuna no tiene sectores alejados: todas las personas llegan a pie a la oficina.",
    "E10": "El curso del nivel central no se ofreció en la región este año.",
    "E15": "La oficina no atiende por medios virtuales: toda la atención es en persona o por teléfono.",
}


def review_remark(own: int, found: int) -> str:
    """Why the region's level is another one than the team's; "" where it is the same."""
    if found == own:
        return ""
    if found > own:
        return "En la visita vimos más de lo que el equipo dijo, y con pruebas."
    if found == 0:
        return "No encontramos pruebas de este año."
    return "Las pruebas muestran que se hace, pero no siempre ni en todos los canales."


EVIDENCE_PARAGRAPH = (
    "Este documento no es real. Muestra el lugar donde una municipalidad adjunta su evidencia, con su fecha."
)
REJECTION_REMARKS = "La evidencia muestra que se partió, pero no el resultado. Envíe la última medición, con fecha."
AFTER_REJECTION = "La región pidió la última medición. El equipo la está reuniendo."
LESSONS = (
    "Conversarlo con quienes atienden antes de empezar nos ahorró tiempo.",
    "Probarlo dos semanas en un solo puesto mostró lo que faltaba.",
    "Conviene nombrar desde el comienzo a quien reemplaza a la persona a cargo.",
    "Avisar a las juntas de vecinos ayudó a que las personas supieran del cambio.",
)

PERTINENCE_REASONS = {
    2: "Aparece en reclamos y en conversaciones con las juntas de vecinos.",
    3: "Responde a lo que más repiten las personas en el mesón.",
}
INCIDENCE_REASONS = {
    2: "Ayuda a cumplir el estándar, junto con otras medidas.",
    3: "Basta para llegar al nivel comprometido.",
}
FEASIBILITY_REASONS = {
    1: "Necesita una licitación y dinero que todavía no está aprobado.",
    2: "El dinero está, pero hay que comprar y coordinarse con otra unidad.",
    3: "Se puede hacer con el equipo y los recursos que tenemos.",
}


def feasibility(amount: int | None) -> int:
    """Low where the work is costly, high where it costs nothing (1-3)."""
    if amount is None:
        return 3
    return 2 if amount < COSTLY else 1


COSTLY = 2_000_000

PLAN_SUMMARY = (
    "Este año queremos que espere menos, que le respondamos con claridad y que sepa qué hicimos con lo que nos dijo."
)


@dataclass(frozen=True)
class Comment:
    """What a neighbor says of the improvement of a standard ("" for the whole plan), and what the team answers."""

    standard: str
    text: str
    answer: str


COMMENTS = (
    Comment(
        "E02",
        "Llego a las ocho y salgo a las diez. ¿Habrá más gente atendiendo los lunes?",
        "Sí. Los lunes y martes habrá una persona más en el mesón durante la mañana.",
    ),
    Comment(
        "E14",
        "A mi mamá le pidieron papeles distintos en cada visita.",
        "Por eso escribimos el protocolo: se pedirá lo mismo a todas las personas. Estará a la vista en el mesón.",
    ),
    Comment(
        "E16",
        "Las fichas usan palabras que no se entienden. Pónganles dibujos.",
        "Lo incorporamos: cada paso llevará un dibujo. Las probaremos con vecinas y vecinos antes de publicarlas.",
    ),
    Comment(
        "E20",
        "Ojalá el puesto preferente funcione también en las tardes.",
        "Lo incorporamos: el puesto preferente atenderá toda la jornada.",
    ),
    Comment(
        "E15",
        "Escribí dos veces por correo y nadie contestó.",
        "Lo sentimos. Habrá una persona a cargo de los correos y responderá en dos días hábiles.",
    ),
    Comment(
        "E22",
        "Está bien la rampa. Falta un pasamanos firme.",
        "Lo agregamos al proyecto: la rampa tendrá pasamanos a los dos lados.",
    ),
    Comment(
        "E27",
        "¿Para qué anotan todo? La fila se demora más.",
        "Anotar toma menos de un minuto y nos deja ordenar los turnos. Los informes no llevan su nombre.",
    ),
    Comment(
        "E29",
        "Dejé un reclamo en el libro y nunca supe qué pasó.",
        "Cada reclamo tendrá un número y una respuesta escrita. Puede pedir la del suyo en la oficina.",
    ),
    Comment(
        "E11",
        "Hay personas muy amables y otras que ni saludan.",
        "El taller es para todo el equipo, también para quienes atienden por teléfono.",
    ),
    Comment(
        "E30",
        "El informe del año pasado era muy largo. Hagan una hoja.",
        "Así será: una hoja en la oficina y la misma en esta página.",
    ),
    Comment(
        "E24",
        "Da vergüenza contar los problemas delante de todos.",
        "Primero pondremos los separadores y después la sala. Mientras tanto, puede pedir que le atiendan aparte.",
    ),
    Comment(
        "E18",
        "Deberían avisar por teléfono cuando falta un papel, porque venir cuesta caro.",
        "Lo incorporamos: avisaremos por mensaje o por teléfono cuando falte algo.",
    ),
    Comment(
        "",
        "¿Y cómo vamos a saber si cumplieron?",
        "En esta página verá el avance de cada mejora. El equipo de la región lo revisa.",
    ),
)
NEIGHBORS = (
    ("Rosa", "Junta de Vecinos Villa El Sol"),
    ("Manuel", "Club de Adulto Mayor Los Aromos"),
    ("", ""),
    ("Teresa", ""),
    ("Edith", "Comité de Salud Los Boldos"),
    ("", "Agrupación de Cuidadoras Manos Unidas"),
    ("Óscar", "Junta de Vecinos Las Acacias"),
)

ACHIEVEMENTS = "Nos comprometimos a %(lines)s mejoras. La región verificó %(verified)s."
DEVIATIONS = "%(left)s quedan para el próximo año, con los mismos responsables. No cambiaron los montos."
DEVIATION_OF_WORKS = "La obra partió dos meses después, porque nadie se presentó a la primera licitación."
DEFERRAL_REASONS = {  # state of the line → why it goes on
    "rejected": "Falta la medición que pidió la región. Se enviará a comienzos de año.",
    "in_progress": "El segundo hito quedó para marzo. Siguen los mismos responsables.",
}
NEWS = {
    "es": (
        "Ya puede leer los planes de mejora de este año",
        "Busque su municipalidad y vea qué se comprometió a mejorar.",
    ),
    "en": ("You can now read this year's improvement plans", "Find your municipality and see what it committed to."),
}
