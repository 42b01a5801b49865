"""Sends mail, where a server for it is configured."""

import smtplib
import ssl
from typing import Any

from flask import current_app
from flask_mailman import EmailMessage
from flask_mailman.backends.smtp import EmailBackend

from .errors import NotSent
from .extensions import mailman
from .languages import N_

AWAY = N_("The mail server could not be reached; the log of the worker says why.")
REFUSED = N_("The mail server did not take it; the log of the worker says why.")


class Connection(smtplib.SMTP):
    """Encrypts with the server of that name alone; by itself smtplib takes anybody for it."""

    def starttls(self, *_arguments: Any, **_options: Any) -> tuple[int, bytes]:
        return super().starttls(context=ssl.create_default_context())


class Server(EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return smtplib.SMTP_SSL if self.use_ssl else Connection


def is_on() -> bool:
    """Tell whether mail can be sent at all."""
    return bool(current_app.config["MAIL_SERVER"])


def send(address: str, subject: str, text: str) -> None:
    """Hand one mail to the server.

    :raises NotSent: when it is not there, or does not take it.
    """
    # So that no machine that is out of office answers.
    headers = {"Auto-Submitted": "auto-generated"}
    message = EmailMessage(subject, text, to=[address], headers=headers)
    try:
        with mailman.get_connection(backend=Server) as server:
            server.send_messages([message])
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ValueError) as error:
        raise NotSent(REFUSED) from error
    except OSError as error:
        raise NotSent(AWAY) from error
