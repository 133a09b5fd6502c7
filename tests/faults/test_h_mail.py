"""Faults 90 to 95: what the tests of `digest` leave open: kills, sizes, a relay that lies."""

import signal
import ssl
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
import trustme

from app.digests import Sender, make_digest, settle_digest
from digest.render import MAX_HTML_BYTES, render_digest
from digest.send import compose
from model.config import parse_config
from store import open_store
from tests.digest.test_send import MailServer, context, settings
from tests.faults.auditing import CONNECTIONS, audited
from tests.faults.running import start
from tests.held_affair import make_reading

NOW = datetime(2023, 11, 22, 6, tzinfo=UTC)
DAY = date(2023, 11, 21)
SEEN = datetime(2023, 11, 21, 9, tzinfo=UTC)
CONFIG = parse_config('[affair]\nname = "Le port secret"\nmatch = "x"\n[[digests]]\nname = "q"\n')


def digest_of(folder: Path, number: int, title: str = "Titre"):
    """Return the digest of a day on which so many articles were first seen."""
    with open_store(folder) as store:
        for one in range(number):
            reading = make_reading(one, f"{title} {one}", f"caméras {one}", summary="é " * 150)
            store.keep(reading, relevant=True, reasons=("x",), now=SEEN)
        digest = make_digest(store, CONFIG, CONFIG.digests[0], DAY, now=NOW)
    return render_digest(digest, timezone="Europe/Paris", now=NOW)


KILLED_AFTER = """
import os, sys
from datetime import UTC, date, datetime
from pathlib import Path
from app.digests import Sender, settle_digest
from digest.render import Rendered
from store import open_store
from tests.digest.test_send import settings

now, day = datetime(2023, 11, 22, 6, tzinfo=UTC), date(2023, 11, 21)
to = [f"p{n}@x.example" for n in range(5)]
told = []

def tell(answer):
    told.append(answer)
    if len(told) == int(sys.argv[3]):
        os.kill(os.getpid(), 9)

with open_store(Path(sys.argv[1])) as store:
    config = settings(int(sys.argv[2]), to)
    settle_digest(store, config, config.digests[0], day, now=now)
    sender = Sender(store, config, config.digests[0], day)
    sender.send(Rendered(subject="s", text="t", html="h"), now=now, tell=tell)
"""


def test_fault_90_a_program_killed_after_some_writes_to_the_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    with MailServer(context(authority)) as server:
        for after, code in ((2, -signal.SIGKILL), (2, -signal.SIGKILL), (9, 0)):
            sending = start(
                KILLED_AFTER, tmp_path / "data", server.port, after, SSL_CERT_FILE=str(ca)
            )
            assert sending.communicate()[1] == ""
            assert sending.returncode == code
        taken = [envelope.rcpt_tos[0] for envelope in server.handler.taken]
    assert taken == [f"p{n}@x.example" for n in range(5)]


def test_fault_91_a_thousand_articles_make_one_short_letter_that_counts_the_rest(
    tmp_path: Path,
) -> None:
    rendered = digest_of(tmp_path, 1_000)
    assert len(rendered.html.encode()) <= MAX_HTML_BYTES == 80_000
    shown = rendered.html.count('class="item"')
    assert 10 < shown < 1_000
    for body in (rendered.html, rendered.text):
        assert f"+{1_000 - shown} autres articles, non montrés ici" in body
    assert rendered.html.rstrip().endswith("</html>")
    message = compose(rendered, "a@x.example", settings(25).mail, key="q", now=NOW)
    content = message.as_bytes()
    assert message["List-Unsubscribe"]
    assert max(map(len, content.split(b"\r\n"))) <= 998
    html = message_from_bytes(content, policy=default).get_body(("html",))
    assert isinstance(html, EmailMessage)
    assert html.get_content_charset() == "utf-8"


def test_fault_92_making_a_letter_opens_no_connection_and_no_file_of_others(
    tmp_path: Path,
) -> None:
    reading = make_reading(
        1, '<link rel="stylesheet" href="http://127.0.0.1:9/x.css"> caméras',
        "<img src=file:///etc/passwd>", summary="@import url(file:///etc/passwd)",
    )  # fmt: skip
    with open_store(tmp_path) as store:
        store.keep(reading, relevant=True, reasons=("x",), now=SEEN)
    with audited() as seen:
        rendered = digest_of(tmp_path, 0)
    assert "caméras" in rendered.text
    assert [one for one in seen if one[0] in CONNECTIONS or "/etc/passwd" in one[1]] == []
    assert "<img" not in rendered.html
    assert "<link" not in rendered.html


def test_fault_94_a_relay_that_takes_back_its_offer_of_encryption_gets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    weak = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", not_after=datetime(2020, 1, 1, tzinfo=UTC)).configure_cert(
        weak
    )
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    for offered in (weak, None):
        with MailServer(offered) as server, open_store(tmp_path / "data") as store:
            config = settings(server.port, ["a@x.example"])
            settle_digest(store, config, config.digests[0], DAY, now=NOW)
            sender = Sender(store, config, config.digests[0], DAY)
            with pytest.raises(Exception, match="nothing was sent"):
                sender.send(digest_of(tmp_path / "d", 1), now=NOW, tell=lambda _: None)
            assert server.handler.taken == []
            assert sender.waiting() == ("a@x.example",)


def test_fault_95_a_day_without_news_still_says_how_the_watch_is(tmp_path: Path) -> None:
    rendered = digest_of(tmp_path, 0)
    for body in (rendered.text, rendered.html):
        assert "Rien de nouveau ce jour-là." in body
        assert "aucun passage ne s’est encore terminé" in body
