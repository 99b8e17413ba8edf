"""What people complain of and suggest in the demonstration, and what they are answered. All of it invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One case: what is said, what is found and done, and why it happened."""

    category: str
    text: str
    found: str
    action: str
    next_step: str
    outcome: str = "founded"
    cause: str = "procedure"
    standards: tuple[str, ...] = ()
    about: str = "nobody"
    about_words: str = ""
    kind: str = "complaint"
    preferential: bool = False
    in_a_step: bool = False


STORIES = (
    Story(
        "R09",
        "Llegué a las 8:30 y me atendieron pasadas las 11. Había una sola persona en el mesón y nadie explicó nada.",
        "Ese lunes faltaron dos personas del equipo y solo abrió un mesón. La espera llegó a dos horas y media.",
        "Desde este mes hay un reemplazo para cada turno. Un cartel dice cuánto falta para atender.",
        "Si necesita volver, puede pedir hora por teléfono y no tendrá que esperar.",
        cause="staffing",
        standards=("E02",),
    ),
    Story(
        "R09",
        "Saqué número a las 9 y a las 10:40 todavía no avanzaba. Llegaba gente después de mí y pasaba antes.",
        "Ese día se mezclaron dos filas. Las personas con hora pedida pasaban por el mismo mesón.",
        "Ahora las personas con hora tienen su propio mesón y la pantalla lo muestra.",
        "La próxima vez puede pedir hora. Si no, verá en la pantalla cuántos números faltan.",
        "partly",
        cause="procedure",
        standards=("E02",),
    ),
    Story(
        "R02",
        "Pregunté qué papeles faltaban y me dijeron que volviera otro día. Volví y faltaba uno más.",
        "La lista que le entregaron estaba incompleta. Era una hoja antigua.",
        "Botamos las hojas antiguas. Toda la lista está ahora en una sola página, con fecha.",
        "Traiga el certificado que falta cuando pueda. Pregunte por la encargada y pasará sin hacer fila.",
        cause="information",
        standards=("E16", "E04"),
        in_a_step=True,
    ),
    Story(
        "R04",
        "En la web sale que cierran a las 14 y cuando llegué a la 1 ya no daban números. Perdí la mañana de trabajo.",
        "La página tenía el horario de invierno. Los números se daban hasta las 12:30.",
        "Corregimos la página y el cartel de la entrada. Los números se dan hasta la hora de cierre.",
        "Puede venir hasta las 14. También atendemos los jueves hasta las 18.",
        cause="information",
        standards=("E04",),
    ),
    Story(
        "R03",
        "Por teléfono me dijeron una cosa y en el mesón otra. No sé a quién creerle.",
        "Las dos personas usaron guías distintas. La del teléfono no tenía el cambio de enero.",
        "El equipo tiene ahora una sola guía y la revisa cada lunes.",
        "Lo correcto es lo que le dijeron en el mesón: basta su cédula y la cuenta de luz.",
        cause="training",
        standards=("E13",),
        in_a_step=True,
    ),
    Story(
        "R06",
        "La señorita me habló mal porque no entendía el formulario. Me dijo que para eso había estudiado la gente.",
        "Conversamos con la persona que la atendió y con quienes estaban cerca. El trato no fue el que corresponde.",
        "Ella reconoció lo que pasó. Todo el equipo hizo de nuevo el taller de buen trato.",
        "La encargada quiere pedirle disculpas. Si usted quiere, puede venir el martes a las 10.",
        cause="training",
        standards=("E14",),
        about="staff",
        about_words="La señorita del mesón 2",
    ),
    Story(
        "R10",
        "Hace dos meses pedí que sacaran a mi hijo de mi registro y todavía aparece. Nadie me dice cuándo.",
        "Su solicitud quedó sin enviar por un error al cargar el documento.",
        "La enviamos hoy y quedó con prioridad. Ahora un listado avisa de las que llevan diez días sin moverse.",
        "En diez días hábiles debería ver el cambio. Si no, escriba aquí mismo y lo vemos ese día.",
        cause="system",
        standards=("E03",),
        in_a_step=True,
    ),
    Story(
        "R08",
        "Me dijeron que iban a venir a mi casa el martes en la mañana. Pedí permiso y no vino nadie.",
        "La visita se cambió por lluvia y no le avisaron. El teléfono que tenemos estaba mal anotado.",
        "Ahora se confirma cada visita el día anterior, por mensaje.",
        "Fijamos su visita para el jueves a las 9. Si no le sirve, responda aquí con otro día.",
        cause="procedure",
        standards=("E03", "E20"),
    ),
    Story(
        "R12",
        "El baño lleva semanas cerrado y hay que esperar horas. Hay personas mayores que se van por eso.",
        "Es cierto. La cañería se rompió en marzo y faltaba comprar un repuesto.",
        "El baño funciona desde el viernes. Se revisa cada semana.",
        "Ya puede usarlo. Gracias por avisar.",
        cause="premises",
        standards=("E05",),
    ),
    Story(
        "R12",
        "Ando en silla de ruedas y la rampa tiene un escalón arriba. Tuvieron que subirme entre dos.",
        "La rampa quedó mal terminada en la última obra.",
        "Se puso una pieza para emparejarla y se pidió la obra definitiva.",
        "Puede entrar por la puerta lateral, que está a nivel. Toque el timbre y le abren.",
        cause="premises",
        standards=("E05",),
        preferential=True,
    ),
    Story(
        "R05",
        "La página dice en proceso desde hace un mes y no cambia. Llamo y nadie sabe.",
        "La solicitud ya estaba aprobada, pero el estado no se actualizó en la página.",
        "Avisamos a quienes llevan la página. Mientras tanto, le enviamos el resultado por correo.",
        "Su registro ya está al día. Puede bajar la cartola cuando quiera.",
        "partly",
        cause="outside",
        standards=("E24",),
    ),
    Story(
        "R01",
        "Me dieron una hoja con puras palabras difíciles. La leí tres veces y no entendí qué tenía que hacer.",
        "La hoja copiaba el texto de la norma. Varias personas nos han dicho lo mismo.",
        "La escribimos de nuevo en palabras simples y la probamos con vecinas antes de usarla.",
        "Le enviamos la hoja nueva. Si algo no se entiende, llámenos y la vemos juntos.",
        cause="information",
        standards=("E16",),
    ),
    Story(
        "R07",
        "Fui a avisar que mi mamá falleció y me pidieron los papeles sin siquiera decir lo siento.",
        "Quien la atendió siguió el paso a paso sin mirar lo que le pasaba a usted.",
        "Agregamos al protocolo cómo atender a quien vive un duelo, y el equipo lo practicó.",
        "No tiene que volver. Nosotros hicimos el cambio con los papeles que ya dejó.",
        cause="training",
        standards=("E14",),
    ),
    Story(
        "R11",
        "Soy haitiana y no me quisieron atender porque no hablo bien. Al de atrás sí lo atendieron.",
        "Revisamos el caso con la dirección. No se le ofreció la ayuda de una intérprete, y debía ofrecerse.",
        "Hay una intérprete por teléfono en todo el horario. El equipo firmó el protocolo de trato igual.",
        "Puede venir cualquier día. Pida la intérprete en la entrada: no tiene costo.",
        cause="training",
        standards=("E20",),
        about="staff",
        about_words="El señor del mesón 1",
        preferential=True,
    ),
    Story(
        "R13",
        "En el mesón dijeron mi RUN y mi tramo en voz alta delante de todos. Mis vecinos escucharon.",
        "El mesón no tiene separación y la conversación se oye desde la fila.",
        "Pusimos paneles y una línea de espera. Los datos se muestran en pantalla y no se dicen.",
        "Si quiere, puede pedir que lo atiendan en la sala del fondo.",
        cause="premises",
        standards=("E25",),
    ),
    Story(
        "R14",
        "No estoy de acuerdo con el 60 %. Quedé sin trabajo y no tengo ingresos.",
        "",
        "Para cambiar su tramo, pida una actualización de ingresos. Traiga su finiquito. No tiene costo.",
        "",
    ),
    Story(
        "R15",
        "El centro de llamados me tuvo 40 minutos en línea y después se cortó.",
        "",
        "Ese número es del Ministerio. Pasamos su reclamo y puede seguirlo en su página con el mismo código.",
        "",
    ),
    Story(
        "R16",
        "No hay dónde dejar los coches de guagua y quedan en la escalera.",
        "Es así: nadie había pensado en eso.",
        "Dejamos un espacio junto a la entrada, a la vista del guardia.",
        "Ya puede dejar el coche ahí.",
        cause="premises",
        standards=("E05",),
    ),
    Story(
        "R09",
        "Podrían poner sillas afuera y un toldo. En verano la fila da toda la vuelta al sol.",
        "Tiene razón, y otras personas lo pidieron.",
        "Pedimos un toldo prestado a la junta de vecinos y ya está puesto.",
        "",
        "",
        "staffing",
        ("E05",),
        kind="suggestion",
    ),
    Story(
        "",
        "Quiero felicitar a la persona que me atendió. Me explicó con paciencia y me fui tranquila.",
        "Le leímos su mensaje a todo el equipo.",
        "Quedó en la hoja de la persona que la atendió.",
        "",
        "",
        "training",
        ("E14",),
        kind="compliment",
    ),
    Story(
        "",
        "¿Puedo hacer el trámite de mi papá si él no puede venir? Está en cama.",
        "Sí, puede. Necesita un poder simple, su cédula y la de él.",
        "También podemos ir a la casa, si nos dice qué día.",
        "",
        "",
        "information",
        ("E16",),
        kind="enquiry",
    ),
)

QUESTIONS = (
    "¿Qué día vino y más o menos a qué hora? Así podemos ver quién estaba.",
    "¿Nos puede decir en qué oficina fue? Tenemos dos.",
)
REPLIES = ("Fue un lunes, como a las diez.", "En la oficina del edificio consistorial.")
REOPENED = "Me dicen que ya está, pero fui ayer y seguía igual. Por favor, véanlo de nuevo."
WITHDRAWN = "Ya me llamaron y quedó resuelto."
NOTES = ("Hablé con la persona del turno. Confirma lo que dice el reclamo.", "Pedí el registro de la fila de ese día.")
COMMENTS = ("Me respondieron rápido y claro.", "Gracias por llamar.", "Se demoraron, pero se arregló.", "", "")
INFORMATION = "Pide copia de un contrato. Eso se pide por la ley de transparencia, en la página de la municipalidad."
ASKS_FOR_INFORMATION = "Quiero copia del contrato con la empresa de aseo de la oficina."
TEMPLATES = (
    (
        "Espera en el mesón",
        "Revisamos el registro de la fila del día que nos cuenta.",
        "Ajustamos los turnos para que haya más personas a la hora en que más se espera.",
        "Puede pedir hora por teléfono y llegar sin esperar. Su caso es {codigo}.",
    ),
    (
        "Información equivocada",
        "La información que le dimos no era la correcta. Le pedimos disculpas.",
        "Corregimos la hoja y la página, y el equipo ya lo sabe.",
        "Le dejamos aquí lo que necesita traer: ",
    ),
)
REVIEW_NOTES = "Se leyeron los casos uno a uno. La espera de los lunes y las hojas antiguas son lo que más se repite."
AGREEMENTS = (
    ("Un turno de refuerzo los lunes y martes en la mañana", "staffing"),
    ("Revisar cada mes las hojas que se entregan y botar las antiguas", "information"),
    ("Taller de buen trato, con casos de este trimestre", "training"),
)
