"""Mail of an installation without a mail server (``EMAIL_URL=console://``), for whoever reads along."""

from __future__ import annotations

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    """Writes to whom, the subject and the text, instead of headers and encodings."""

    def write_message(self, message: EmailMessage) -> None:
        attached = [part[0] if isinstance(part, tuple) else part.get_filename() for part in message.attachments]
        lines = [message.subject, "", *str(message.body).strip().splitlines(), *(f"[{name}]" for name in attached)]
        # In one piece, so that two processes do not write into each other's.
        text = "".join(f"  {line}".rstrip() + "\n" for line in lines)
        self.stream.write(f"Mail to {', '.join(message.recipients())}\n{text}")
