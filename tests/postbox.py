"""A real mail server on this machine, and what it was given."""

import email
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.programs import free_port

SENDER = "Gallery <photos@example.org>"
PUBLIC_URL = "http://photos.example"


def settings(port: int) -> dict[str, str]:
    """What tells a gallery of a server, in its environment."""
    return {
        "GALLERY_MAIL_SERVER": "127.0.0.1",
        "GALLERY_MAIL_PORT": str(port),
        "GALLERY_MAIL_USE_TLS": "false",
        "GALLERY_MAIL_DEFAULT_SENDER": SENDER,
        "GALLERY_PUBLIC_URL": PUBLIC_URL,
    }


class Postbox:
    """Takes mails, or refuses them with a sentence, as the server's handler."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refusal = ""
        self.names: list[LoginPassword] = []
        self.port = free_port()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        lines = envelope.content.replace(b"\r\n", b"\n")
        self.mails.append(email.message_from_bytes(lines, policy=default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 Taken"

    def authenticate(self, server, session, envelope, mechanism, given: LoginPassword):
        self.names.append(given)
        return AuthResult(success=given.password == b"12345")


@contextmanager
def postbox(tls: ssl.SSLContext | None = None) -> Iterator[Postbox]:
    """Run it; with `tls`, nobody gets in who neither encrypts nor gives the password 12345."""
    box = Postbox()
    secured = {
        "tls_context": tls,
        "require_starttls": True,
        "authenticator": box.authenticate,
        "auth_required": True,
    }
    server = Controller(box, hostname="127.0.0.1", port=box.port, **secured if tls else {})
    server.start()
    yield box
    server.stop()
