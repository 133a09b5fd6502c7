"""A rendered digest handed to a mail server, one message a recipient.

Nothing is ever sent in clear, and nobody sees who else is written to. What became of each
message is told to `record` as soon as the server has answered, so that a killed program sends
to the others only.
"""

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from digest.render import Rendered
from model.config import Mail
from model.errors import DeliveryError

SMTP_TIMEOUT_S = 60
EHLO_NAME = "[127.0.0.1]"
"""Says nothing of the machine's name."""

OK = 250
ACCEPTED = (OK, 251)
POLICY = SMTP.clone(cte_type="7bit")

# `=?…?=` in an address is decoded by Python before 3.11.10 and 3.12.5 and can then add a header
# (CVE-2024-6923): no real address holds it.
_ADDRESS = re.compile(r"(?!.*=\?)[!-?A-~]+@[!-?A-~]+")


class DeliveryState(StrEnum):
    """What became of one message; only `later` is tried again by itself."""

    SENT = "sent"
    LATER = "later"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the server answered for one recipient; `is_lost` when the line broke."""

    recipient: str
    state: DeliveryState
    reason: str
    message_id: str
    is_lost: bool = False


Record = Callable[[Answer], None]


def send_digest(
    rendered: Rendered,
    recipients: Sequence[str],
    mail: Mail,
    *,
    key: str,
    now: datetime,
    record: Record,
) -> None:
    """Send one message to each recipient; `key` names the digest and never changes.

    Raises DeliveryError when the server cannot be reached safely or the line breaks: recipients
    that were not recorded are then to be tried again.
    """
    server = _connect(mail)
    try:
        for recipient in recipients:
            answer = _send_one(server, rendered, recipient, mail, key, now)
            record(answer)
            if answer.is_lost:
                raise DeliveryError(f"{mail.host}: the line broke ({answer.reason}): send again")
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()


def compose(
    rendered: Rendered, recipient: str, mail: Mail, *, key: str, now: datetime
) -> EmailMessage:
    """Return the message for one recipient; its headers do not name the affair."""
    message = EmailMessage(policy=POLICY)
    message["From"] = mail.sender
    message["To"] = recipient
    message["Subject"] = clean_header(rendered.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(key, recipient, mail.sender)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<mailto:{mail.sender}?subject=unsubscribe>"
    message.set_content(rendered.text, cte="quoted-printable")
    message.add_alternative(rendered.html, subtype="html", cte="quoted-printable")
    return message


def message_id(key: str, recipient: str, sender: str) -> str:
    """Return the same id each time one digest goes to one recipient, so that readers see one."""
    digest = hashlib.sha256(f"{key}\0{recipient}".encode("utf-8", "replace")).hexdigest()[:32]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def clean_header(text: str) -> str:
    """Return a header's text on one line, with nothing that could begin another or be decoded."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(line.replace("=?", "= ?").split())


def is_address(text: str) -> bool:
    """Tell whether a mail address can stand in a header and an envelope without doing harm."""
    return _ADDRESS.fullmatch(text) is not None


def _connect(mail: Mail) -> smtplib.SMTP:
    if not is_address(mail.sender):
        raise DeliveryError(f"[mail] sender {mail.sender!r} is no address: give the one to send as")
    password = _password(mail)
    try:
        return _log_in(mail, password)
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryError(f"{mail.host} offers no encryption: nothing was sent") from error
    except (smtplib.SMTPException, OSError) as error:
        place = f"{mail.host}:{mail.port}"
        raise DeliveryError(f"{place} did not take the mail ({error}): nothing was sent") from error


def _log_in(mail: Mail, password: str) -> smtplib.SMTP:
    """Return an encrypted line on which the server knows us, or none at all."""
    context = ssl.create_default_context()
    with ExitStack() as stack:
        server = _open(mail, context)
        stack.callback(server.close)
        if mail.security != "tls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, password)
        server.ehlo_or_helo_if_needed()
        stack.pop_all()
    return server


def _password(mail: Mail) -> str:
    if not mail.user:
        return ""
    try:
        return Path(mail.password_file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise DeliveryError(
            f"[mail] password_file {mail.password_file!r} cannot be read: nothing was sent"
        ) from error


def _open(mail: Mail, context: ssl.SSLContext) -> smtplib.SMTP:
    if mail.security == "tls":
        return smtplib.SMTP_SSL(
            mail.host, mail.port, local_hostname=EHLO_NAME, timeout=SMTP_TIMEOUT_S, context=context
        )
    return smtplib.SMTP(mail.host, mail.port, local_hostname=EHLO_NAME, timeout=SMTP_TIMEOUT_S)


def _send_one(
    server: smtplib.SMTP,
    rendered: Rendered,
    recipient: str,
    mail: Mail,
    key: str,
    now: datetime,
) -> Answer:
    """Send one message; before its text was handed over a broken line is harmless."""
    answer = Answer(
        recipient=recipient,
        state=DeliveryState.REFUSED,
        reason="it is no address that can stand in a mail safely",
        message_id=message_id(key, recipient, mail.sender),
    )
    if not is_address(recipient):
        return answer
    content = compose(rendered, recipient, mail, key=key, now=now).as_bytes()
    try:
        code, words = _announce(server, mail.sender, recipient)
    except (smtplib.SMTPServerDisconnected, OSError) as error:
        return _told(answer, DeliveryState.LATER, str(error), is_lost=True)
    if code in ACCEPTED:
        try:
            code, words = server.data(content)
        except smtplib.SMTPDataError as error:
            code, words = error.smtp_code, _bytes(error.smtp_error)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            return _told(answer, DeliveryState.UNKNOWN, str(error), is_lost=True)
    return _told(answer, _state_of(code), f"{code} {words.decode('utf-8', 'replace')}")


def _announce(server: smtplib.SMTP, sender: str, recipient: str) -> tuple[int, bytes]:
    """Say from whom and for whom a message is; return the answer that decides."""
    server.rset()
    code, words = server.mail(sender)
    return server.rcpt(recipient) if code == OK else (code, words)


def _told(answer: Answer, state: DeliveryState, reason: str, *, is_lost: bool = False) -> Answer:
    return msgspec.structs.replace(
        answer, state=state, reason=clean_header(reason), is_lost=is_lost
    )


def _bytes(words: bytes | str) -> bytes:
    return words if isinstance(words, bytes) else words.encode()


def _state_of(code: int) -> DeliveryState:
    if code == OK:
        return DeliveryState.SENT
    return DeliveryState.LATER if 400 <= code < 500 else DeliveryState.REFUSED
