"""A digest handed to a mail server on loopback, which the tests start themselves."""

import asyncio
import ssl
import threading
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.policy import default

import pytest
import trustme
from aiosmtpd.smtp import SMTP

from app.cli import main
from app.digests import Sender, settle_digest
from digest.render import Rendered
from digest.send import Answer, DeliveryState, clean_header, compose, is_address, send_digest
from model.config import parse_config
from model.errors import DeliveryError
from store import open_store
from tests.held_affair import CONFIG, fill

NOW = datetime(2023, 11, 22, 6, tzinfo=UTC)
DAY = date(2023, 11, 21)
RENDERED = Rendered(
    subject="Revue du mardi", text="Le texte, où ?\n", html="<p>Le texte, où&nbsp;?</p>"
)


class Handler:
    """Answers by the recipient's name and keeps what it took."""

    def __init__(self):
        self.taken = []

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answers = {"unknown": "550 no such user", "full": "451 come back later"}
        answer = answers.get(address.split("@")[0], "250 OK")
        if answer == "250 OK":
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if envelope.rcpt_tos[0].startswith("cut"):
            self.taken.append(envelope)
            server.transport.abort()
        elif envelope.rcpt_tos[0].startswith("spam"):
            return "554 this is refused"
        else:
            self.taken.append(envelope)
        return "250 taken"


class MailServer:
    """A mail server in a thread of its own; `context` None offers no encryption."""

    def __init__(self, context):
        self.handler = Handler()
        self._context = context
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self):
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._protocol, "127.0.0.1", 0)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(server.wait_closed())

    def _protocol(self):
        return SMTP(
            self.handler, hostname="mail.example", loop=self._loop, tls_context=self._context,
            require_starttls=self._context is not None,
        )  # fmt: skip


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """Make the standard context trust the test's certificates, as an operator could."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))


def context(authority, name="127.0.0.1"):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(made)
    return made


@pytest.fixture
def server(authority, trusted):
    with MailServer(context(authority)) as running:
        yield running


def settings(port, to=(), **mail):
    lines = ['[affair]\nname = "Le port secret"\nmatch = "port"', "[[digests]]\nname = 'q'"]
    lines.append("to = [" + ", ".join(f"'{one}'" for one in to) + "]")
    fields = {"host": "127.0.0.1", "port": port, "sender": "veille@asso.example"} | mail
    lines += ["[mail]", *(f"{key} = {value!r}" for key, value in fields.items())]
    return parse_config("\n".join(lines))


def send(port, recipients, **mail):
    answers: list[Answer] = []
    send_digest(
        RENDERED, recipients, settings(port, **mail).mail, key="q", now=NOW, record=answers.append
    )
    return {answer.recipient: answer.state for answer in answers}


def test_each_recipient_has_an_answer_of_their_own(server):
    people = ["a@x.example", "unknown@x.example", "full@x.example", "spam@x.example", "b@x.example"]
    assert send(server.port, people) == {
        "a@x.example": DeliveryState.SENT,
        "unknown@x.example": DeliveryState.REFUSED,
        "full@x.example": DeliveryState.LATER,
        "spam@x.example": DeliveryState.REFUSED,
        "b@x.example": DeliveryState.SENT,
    }
    assert [taken.rcpt_tos for taken in server.handler.taken] == [["a@x.example"], ["b@x.example"]]


def test_nobody_sees_who_else_is_written_to_nor_what_is_watched(server):
    send(server.port, ["a@x.example", "b@x.example"])
    for taken in server.handler.taken:
        message = message_from_bytes(taken.content, policy=default)
        assert message["To"] == taken.rcpt_tos[0]
        headers = str(message.items())
        assert "secret" not in headers
        assert "@asso.example>" in message["Message-ID"]
        assert message["Auto-Submitted"] == "auto-generated"
        kinds = [part.get_content_type() for part in message.iter_parts()]
        assert kinds == ["text/plain", "text/html"]
        text = message.get_body(("plain",))
        assert text and "où ?" in text.get_content()


def test_fault_88_a_line_that_breaks_after_the_text_leaves_it_unknown(server):
    answers: list[Answer] = []
    with pytest.raises(DeliveryError):
        send_digest(
            RENDERED, ["cut@x.example", "a@x.example"], settings(server.port).mail,
            key="q", now=NOW, record=answers.append,
        )  # fmt: skip
    assert [(one.recipient, one.state) for one in answers] == [("cut@x.example", "unknown")]


def test_fault_94_without_encryption_nothing_is_sent(trusted):
    with MailServer(None) as bare:
        with pytest.raises(DeliveryError, match="offers no encryption: nothing was sent"):
            send(bare.port, ["a@x.example"])
        assert bare.handler.taken == []


@pytest.mark.parametrize("name", ["other.example", None], ids=["another name", "unknown authority"])
def test_fault_94_with_a_wrong_certificate_nothing_is_sent(authority, trusted, name):
    issuer = authority if name else trustme.CA()
    with MailServer(context(issuer, name or "127.0.0.1")) as wrong:
        with pytest.raises(DeliveryError, match="nothing was sent"):
            send(wrong.port, ["a@x.example"])
        assert wrong.handler.taken == []


@pytest.mark.parametrize(
    ("mail", "said"),
    [({"sender": ""}, "sender"), ({"user": "u", "password_file": "absent"}, "password_file")],
    ids=["no sender", "no password"],
)
def test_what_is_missing_is_named(server, mail, said):
    with pytest.raises(DeliveryError, match=said):
        send(server.port, ["a@x.example"], **mail)
    assert server.handler.taken == []


# --- over several calls, with the state in the store


def send_once(folder, port, to):
    """Make one call of `vigie digest --send` and return what was answered."""
    answers: list[Answer] = []
    with open_store(folder) as store:
        configured = settings(port, to)
        settle_digest(store, configured, configured.digests[0], DAY, now=NOW)
        sender = Sender(store, configured, configured.digests[0], DAY)
        if sender.waiting():
            sender.send(RENDERED, now=NOW, tell=answers.append)
        tries = {one.recipient: one.tries for one in store.deliveries("q", DAY)}
    return {one.recipient: str(one.state) for one in answers}, tries


def test_fault_89_only_those_told_to_come_back_are_written_to_again(server, tmp_path):
    to = ["a@x.example", "unknown@x.example", "full@x.example"]
    first, _ = send_once(tmp_path, server.port, to)
    assert first == dict(zip(to, ["sent", "refused", "later"], strict=True))
    second, tries = send_once(tmp_path, server.port, [*to, "new@x.example"])
    assert second == {"full@x.example": "later", "new@x.example": "sent"}
    assert tries == {
        "a@x.example": 1, "unknown@x.example": 1, "full@x.example": 2, "new@x.example": 1,
    }  # fmt: skip


def test_fault_90_killed_half_way_nobody_gets_it_twice(server, tmp_path):
    to = [f"p{n}@x.example" for n in range(4)]

    class Killed(BaseException):
        pass

    def kill(answer):
        if answer.recipient == to[1]:
            raise Killed

    with open_store(tmp_path) as store:
        configured = settings(server.port, to)
        settle_digest(store, configured, configured.digests[0], DAY, now=NOW)
        with pytest.raises(Killed):
            Sender(store, configured, configured.digests[0], DAY).send(RENDERED, now=NOW, tell=kill)
    assert set(send_once(tmp_path, server.port, to)[0]) == {to[2], to[3]}
    assert [taken.rcpt_tos[0] for taken in server.handler.taken] == to


def test_fault_88_an_unknown_end_is_not_sent_again(server, tmp_path):
    with pytest.raises(DeliveryError):
        send_once(tmp_path, server.port, ["cut@x.example"])
    assert send_once(tmp_path, server.port, ["cut@x.example"]) == ({}, {"cut@x.example": 1})


@pytest.mark.parametrize(
    ("to", "mail", "said"),
    [(["a@x.example"], {"host": ""}, "host is not set"), ([], {}, "has nobody in `to`")],
    ids=["no server", "no recipient"],
)
def test_without_a_server_or_a_recipient_it_says_so(tmp_path, to, mail, said):
    configured = settings(25, to, **mail)
    with open_store(tmp_path) as store, pytest.raises(DeliveryError, match=said):
        Sender(store, configured, configured.digests[0], DAY)


def test_the_command_sends_once_and_tells_how_each_stands(server, tmp_path, capsys):
    mail = f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsender = "v@asso.example"\n'
    (tmp_path / "config.toml").write_text(CONFIG + mail, encoding="utf-8")
    fill(tmp_path / "data")

    def call():
        with pytest.raises(SystemExit) as left:
            main(args=["--config", str(tmp_path / "config.toml"),
                       *"digest --date 2023-11-21 --send".split()])  # fmt: skip
        return left.value.code, capsys.readouterr()

    status, told = call()
    assert status == 0
    assert told.out == "".join(f"{one}@lecteurs.example: sent (250 taken)\n" for one in "ab")
    status, told = call()
    assert (status, told.out) == (0, "")
    assert "2 of 'quotidien' were answered for before and are left alone." in told.err
    assert len(server.handler.taken) == 2


# --- headers


HOSTILE_HEADERS = [
    "x\nBcc: a@b.example",
    "x\r\nBcc: a@b.example",
    "=?UTF-8?Q?x=0ABcc:_a@b.example?=",
    "x\0y",
    "x\u2028Bcc: a@b.example",
    "x\ud800y",
    "x\x0bBcc: a@b.example",
]


@pytest.mark.parametrize("text", HOSTILE_HEADERS, ids=ascii)
def test_fault_87_a_subject_is_one_clean_header(text):
    rendered = Rendered(subject=text, text="t", html="h")
    mail = settings(25).mail
    content = compose(rendered, "a@x.example", mail, key="q", now=NOW).as_bytes()
    message = message_from_bytes(content, policy=default)
    assert message["Bcc"] is None
    assert len(message.get_all("Subject", [])) == 1
    assert clean_header(text).isprintable()


@pytest.mark.parametrize("text", HOSTILE_HEADERS, ids=ascii)
def test_fault_87_a_hostile_recipient_is_refused_unsent(server, text):
    recipient = f"{text}@x.example"
    assert not is_address(recipient)
    assert send(server.port, [recipient]) == {recipient: DeliveryState.REFUSED}
    assert server.handler.taken == []


def test_a_message_has_the_same_id_each_time_it_goes_to_the_same_person():
    mail = settings(25).mail
    ids = [
        compose(RENDERED, to, mail, key=key, now=NOW)["Message-ID"]
        for key, to in [("q1", "a@x.example"), ("q1", "a@x.example"), ("q1", "b@x.example"),
                        ("q2", "a@x.example")]
    ]  # fmt: skip
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
