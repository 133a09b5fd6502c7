"""A rendered digest handed to a mail server, one message a recipient.

Nothing is ever sent in clear, and nobody sees who else is written to. What became of each
message is told to `record` as soon as the server has answered, so that a killed program sends
to the others only.
"""

import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from enum import StrEnum
from pathlib import Path

from digest.render import Rendered
from model.config import Mail
from model.errors import DeliveryError

SMTP_TIMEOUT_S = 60
EHLO_NAME = "[127.0.0.1]"
"""Says nothing of the machine's name."""


class DeliveryState(StrEnum):
    """What became of one message; `unknown` is never sent again by itself."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


Record = Callable[[str, DeliveryState, str], None]
"""Called with recipient, state and the server's words."""


def send_digest(
    rendered: Rendered, recipients: Sequence[str], mail: Mail, *, now: datetime, record: Record
) -> None:
    """Send one message to each recipient.

    Raises DeliveryError when the server cannot be reached safely; recipients not yet recorded
    are then to be tried again.
    """
    server = _connect(mail)
    try:
        for recipient in recipients:
            state, words = _send_one(server, compose(rendered, recipient, mail, now), recipient)
            record(recipient, state, words)
            if state is DeliveryState.UNKNOWN:
                raise DeliveryError(f"{mail.host}: the line broke while a digest was handed over")
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def compose(rendered: Rendered, recipient: str, mail: Mail, now: datetime) -> EmailMessage:
    """Return the message for one recipient; its headers do not name the affair."""
    message = EmailMessage(policy=SMTP)
    message["From"] = mail.sender
    message["To"] = recipient
    message["Subject"] = " ".join(rendered.subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<mailto:{mail.sender}?subject=unsubscribe>"
    message.set_content(rendered.text)
    message.add_alternative(rendered.html, subtype="html")
    return message


def _connect(mail: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context()
    try:
        server = _open(mail, context)
        if mail.user:
            server.login(mail.user, Path(mail.password_file).read_text(encoding="utf-8").strip())
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryError(f"{mail.host} offers no encryption: nothing was sent") from error
    except (smtplib.SMTPException, OSError) as error:
        raise DeliveryError(f"{mail.host}:{mail.port} did not take the mail: {error}") from error
    return server


def _open(mail: Mail, context: ssl.SSLContext) -> smtplib.SMTP:
    if mail.security == "tls":
        return smtplib.SMTP_SSL(
            mail.host, mail.port, local_hostname=EHLO_NAME, timeout=SMTP_TIMEOUT_S, context=context
        )
    server = smtplib.SMTP(mail.host, mail.port, local_hostname=EHLO_NAME, timeout=SMTP_TIMEOUT_S)
    server.starttls(context=context)
    return server


def _send_one(
    server: smtplib.SMTP, message: EmailMessage, recipient: str
) -> tuple[DeliveryState, str]:
    try:
        server.send_message(message, to_addrs=[recipient])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = error.recipients[recipient]
        return _state_of(code), words.decode("utf-8", "replace")
    except smtplib.SMTPResponseException as error:
        return _state_of(error.smtp_code), str(error.smtp_error)
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        return DeliveryState.UNKNOWN, str(error)
    return DeliveryState.SENT, "250"


def _state_of(code: int) -> DeliveryState:
    return DeliveryState.LATER if 400 <= code < 500 else DeliveryState.REFUSED
