"""Mail that is written instead of sent."""

from __future__ import annotations

from io import StringIO

from django.core.mail import EmailMessage

from portal.foundation.messages.console import EmailBackend


def test_a_mail_is_written_as_it_is_read() -> None:
    written = StringIO()
    mail = EmailMessage("Su reclamo tiene respuesta", "Estimada señora:\n\nLéala aquí.\n", to=["rosa@example.cl"])
    mail.attach("Informe.pdf", b"%PDF", "application/pdf")

    assert EmailBackend(stream=written).send_messages([mail]) == 1

    assert written.getvalue() == (
        "Mail to rosa@example.cl\n"
        "  Su reclamo tiene respuesta\n\n"
        "  Estimada señora:\n\n"
        "  Léala aquí.\n"
        "  [Informe.pdf]\n"
    )
