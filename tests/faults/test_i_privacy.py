"""Faults 96 to 99: secrets in addresses, modes of files, connections nobody asked for."""

import asyncio
import gzip
import logging
import os
import stat
from pathlib import Path

import pytest

from app.digests import make_digest
from app.health import Level, examine
from app.workplace import Workplace
from digest.render import render_digest
from model.source import Source, SourceKind
from tests.crawler.misbehaving import NOON, SITE, Web, http
from tests.faults.running import call_vigie, run_vigie, write_config
from tests.faults.test_c_feeds import CONFIG
from tests.faults.watching import PARAGRAPH, Watched, as_json, feed, item, page

SECRETS = ("motdepasse1", "jeton2", "clef3", "bW90ZGVwYXNzZTE")
"""The last one is the first in base64, as a header carries it."""

QUERY = "token=jeton2&api_key=clef3&page=1"
FAILURES = {
    "status": http(status=500),
    "no feed": page(1),
    "no HTTP": b"SSH-2.0-OpenSSH\r\n",
    "huge header": b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
    "cut": http(b"half", Content_Length="80"),
    "closed": b"",
    "circle": http(status=302, Location=f"/feed?{QUERY}"),
    "inside": http(status=302, Location="http://127.0.0.1/"),
    "bad brotli": http(b"x", Content_Encoding="br"),
}


def secret_source(name: str = "", kind: SourceKind = SourceKind.FEED) -> Source:
    """Return a source whose address lets its reader in."""
    return Source(url=f"http://u:motdepasse1@{SITE}/feed?{QUERY}", name=name, kind=kind)


def assert_says_no_secret(*told: str) -> None:
    """Assert that no text holds a secret."""
    for text in told:
        assert [secret for secret in SECRETS if secret in text] == [], text[:2000]


@pytest.mark.parametrize("answer", FAILURES.values(), ids=FAILURES.keys())
def test_fault_96_no_error_says_what_lets_a_reader_in(
    tmp_path: Path, answer: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    source = secret_source()
    watched = Watched(tmp_path, {f"/feed?{QUERY}": answer}, source, timeout_s=1)
    told = [as_json(watched.make_pass(NOON.replace(month=month))) for month in (1, 4, 8, 11)]
    assert set(watched.asked) == {f"/feed?{QUERY}"}
    with watched.store() as store:
        (report,) = store.source_states()
        health = store.health(now=NOON)
    assert report.state.failures == 4
    assert len(health.failing) == 1
    assert_says_no_secret(*told, report.state.reason, caplog.text, *health.failing)


def test_fault_96_no_command_shows_what_lets_a_reader_in(tmp_path: Path) -> None:
    watched = Watched(tmp_path, {f"/feed?{QUERY}": http(status=500)}, secret_source())
    for month in (1, 4, 8):
        watched.make_pass(NOON.replace(month=month))
    lines = f'[[sources]]\nurl = "{secret_source().url}"\n'
    write_config(tmp_path, lines)
    for line in (
        ("sources",), ("sources", "--json"), ("sources", "--failing"), ("doctor",),
        ("doctor", "--json"), ("digest", "--preview", "--date", "2026-11-21"),
    ):  # fmt: skip
        done = call_vigie(tmp_path, *line)
        assert "/feed" in done.stdout or line[0] in ("doctor", "digest")
        assert_says_no_secret(done.stdout, done.stderr)
    with watched.store() as store:
        assert_says_no_secret(as_json(store.health(now=NOON)))


URL = f"https://u:motdepasse1@{SITE}/feed?{QUERY}"
WRONG_TABLES = {
    "twice": f'[[sources]]\nurl = "{URL}"\n[[sources]]\nurl = "{URL}"\n',
    "no scheme": f'[[sources]]\nurl = "{URL.removeprefix("https://")}"\n',
    "another scheme": f'[[sources]]\nurl = "{URL.replace("https", "ftp")}"\n',
    "an unknown key": f'[[sources]]\nurl = "{URL}"\nurll = "{URL}"\n',
    "an unknown kind": f'[[sources]]\nurl = "{URL}"\nkind = "oracle"\n',
    "the address as a key": f'[[sources]]\n"{URL}" = true\n',
    "the address as a table": f'[sources."{URL}"]\nname = "a"\n',
    "a wrong type": f'[[sources]]\nurl = ["{URL}"]\n',
    "a wrong selector": f'[[sources]]\nurl = "{URL}"\nselector = "a["\n',
    "a list": f'sources = ["{URL}"]\n',
    "no TOML": f'[[sources]]\nurl = "{URL}\nkind = "feed"\n',
}


@pytest.mark.parametrize("table", WRONG_TABLES.values(), ids=WRONG_TABLES)
def test_fault_96_a_wrong_configuration_is_refused_without_quoting_what_lets_a_reader_in(
    tmp_path: Path, table: str
) -> None:
    config = tmp_path / "config.toml"
    affair = '[affair]\nname = "a"\nmatch = "b"\n'
    is_list = table.startswith("sources")
    config.write_text(table + affair if is_list else affair + table, encoding="utf-8")
    for line in (("sources",), ("doctor",), ("add", "https://x.example/", "--yes")):
        done = call_vigie(tmp_path, *line)
        assert done.returncode in (1, 2)
        assert "config.toml" in done.stdout + done.stderr
        assert_says_no_secret(done.stdout, done.stderr)


def test_fault_96_a_run_names_its_failing_source_without_its_secrets(tmp_path: Path) -> None:
    async def run() -> str:
        async with Web({f"/feed?{QUERY}": http(status=500)}) as web:
            lines = (
                f'[crawler]\nper_host_gap_s = 0\n[crawler.hosts]\n"{SITE}" = "127.0.0.1:{web.port}"'
                f'\n[[sources]]\nurl = "{secret_source().url}"\n'
            )
            write_config(tmp_path, lines)
            done = await asyncio.to_thread(run_vigie, tmp_path, "run", "--json")
            assert done.returncode == 4
            return done.stdout + done.stderr

    told = asyncio.run(run())
    assert f"http://{SITE}/feed?token=...&api_key=...&page=1: it answers 500" in told
    assert_says_no_secret(told)


def test_fault_96_what_a_source_with_a_secret_brings_does_not_carry_it(tmp_path: Path) -> None:
    answers = {f"/feed?{QUERY}": feed(item(1), ETag='"1"'), "/a1": page(1)}
    watched = Watched(tmp_path, answers, secret_source())
    watched.make_pass()
    assert watched.requests[1][2]["Authorization"].startswith("Basic ")
    assert list(watched.articles()) == [f"http://{SITE}/a1"]
    for path in (watched.data / "captures").rglob("*.warc.gz"):
        assert_says_no_secret(gzip.decompress(path.read_bytes()).decode("latin-1"))
    with watched.store() as store:
        digest = make_digest(store, CONFIG, CONFIG.digests[0], NOON.date(), now=NOON)
    rendered = render_digest(digest, timezone="Europe/Paris", now=NOON)
    assert_says_no_secret(rendered.text, rendered.html, rendered.subject)


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_fault_97_all_that_a_first_pass_makes_is_for_its_owner_alone(
    tmp_path: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        watched = Watched(tmp_path, {"/feed": feed(item(1)), "/a1": page(1)})
        watched.make_pass()
        write_config(tmp_path)
        assert call_vigie(tmp_path, "digest", "--date", "2026-11-22").returncode in (0, 2)
    finally:
        os.umask(before)
    made = [watched.data, *watched.data.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o600}


def test_fault_97_doctor_names_what_others_can_read(tmp_path: Path) -> None:
    config = write_config(tmp_path, '[mail]\nhost = "m.example"\nuser = "u"\npassword_file = "{}"\n'
                          .format(tmp_path / "secret"))  # fmt: skip
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (tmp_path / "secret").chmod(0o644)
    call_vigie(tmp_path, "run")
    database = tmp_path / "data" / "vigie.db"
    assert _bad(config) == {"mail"}
    database.chmod(0o644)
    assert _bad(config) == {"mail", "data"}
    done = call_vigie(tmp_path, "doctor", "--json")
    assert done.returncode == 1
    assert f"chmod 600 {database}" in done.stdout
    (tmp_path / "secret").chmod(0o600)
    database.chmod(0o600)
    assert _bad(config) == set()


def _bad(config: Path) -> set[str]:
    findings = examine(Workplace.at(config, None), NOON.replace(year=2030))
    return {one.subject for one in findings if one.level is Level.BAD and one.subject != "models"}


WATCHED_CALLS = """
import ipaddress

def note(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto"):
        host = arguments[1][0] if isinstance(arguments[1], tuple) else "unix"
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name not in ("localhost", "127.0.0.1", "::1"):
        print("CONNECTED", event, name, file=sys.stderr, flush=True)

sys.addaudithook(note)
"""


@pytest.mark.timeout(120)
def test_fault_98_importing_and_asking_connects_to_nothing(tmp_path: Path) -> None:
    write_config(tmp_path, '\n[[digests]]\nname = "q"\n')
    folder = tmp_path / "files"
    folder.mkdir()
    text = f"Le 14 novembre 2023, la CNIL a ouvert un contrôle, dit le ministre. {PARAGRAPH}"
    named = "https://www.lemonde.fr/article.html"
    (folder / "a.md").write_text(f"# Les caméras du port\n\n{text}\n", encoding="utf-8")
    (folder / "b.html").write_text(
        f'<html lang="fr"><head><title>Les caméras</title><link rel="canonical" href="{named}">'
        f'</head><body><img src="{named}"><article><h1>Les caméras</h1><p>{text}</p><p>{PARAGRAPH}'
        "</p></article></body></html>", encoding="utf-8",
    )  # fmt: skip
    (folder / "c.txt").write_text(f"{named}\nhttps://www.liberation.fr/2\n", encoding="utf-8")
    calls: list[tuple[str, ...]] = [
        ("import", str(folder)), ("search", "caméras"), ("timeline",), ("show", "1"), ("entities",),
        ("copies",), ("stories",), ("sources",), ("doctor",), ("verify",),
        ("digest", "--preview", "--date", "2026-11-21"), ("extract", str(folder / "b.html")),
    ]  # fmt: skip
    code = "\n".join(
        f"try: main(args=['--config', sys.argv[2], *{line!r}])\nexcept SystemExit as left: "
        f"assert left.code == 0 or {line[0]!r} == 'doctor', {line!r}"
        for line in calls
    )
    done = run_vigie(tmp_path, "search", "caméras", before=WATCHED_CALLS + code)
    assert done.returncode == 0, done.stderr
    assert "3 files: 2 new articles (2 relevant)" in done.stdout, done.stderr
    assert "CONNECTED" not in done.stderr


def test_fault_98_the_watch_on_connections_sees_one(tmp_path: Path) -> None:
    write_config(tmp_path)
    tried = (
        "import socket\ntry: socket.create_connection(('192.0.2.1', 9), 0.05)\n"
        "except OSError: pass\n"
    )
    done = run_vigie(tmp_path, "sources", before=WATCHED_CALLS + tried)
    assert "CONNECTED socket.connect 192.0.2.1" in done.stderr
