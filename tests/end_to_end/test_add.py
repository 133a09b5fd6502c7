"""`vigie add` over real HTTP against the invented press: found, shown, tested, written, polled."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from app.config_file import add_sources
from model.config import load_config
from model.source import Source, SourceKind, SourceState
from press import Press
from press.sites import SITES, Offer
from store import open_store
from tests.faults.running import ROOT, call_vigie, write_config

MONDAY = datetime.fromisoformat("2024-06-03T07:00:00+02:00")
COURRIER = "http://courrier-national.example"
COMMENT = "# who is asked for what\n"


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with Press(now=MONDAY, slow_s=0) as press:
        yield press


@pytest.fixture
def affair(tmp_path: Path, press: Press) -> Path:
    """Return a folder with the configuration of an affair that knows the press by its names."""
    hosts = "\n".join(f'"{host}" = "{address}"' for host, address in press.hosts.items())
    write_config(
        tmp_path,
        f"{COMMENT}[crawler]\nper_host_gap_s = 0\n[crawler.hosts]\n{hosts}\n",
    )
    return tmp_path


ANSWERING = list(
    {
        (site.offer, site.encoding): site
        for site in SITES
        if not site.is_down and site.offer is not Offer.DOCUMENT
    }.values()
)


@pytest.mark.parametrize("site", ANSWERING, ids=[site.folder for site in ANSWERING])
def test_what_a_publisher_offers_is_found_from_its_home_page(affair: Path, site) -> None:
    url = site.source.url if site.offer is Offer.PAGE else f"http://{site.host}/"
    done = call_vigie(affair, "add", url, "--json", "--yes")
    assert done.returncode == 0, done.stderr
    first = json.loads(done.stdout)["finds"][0]
    assert (first["url"], first["kind"]) == (site.source.url, site.source.kind)
    assert (first["name"] != "", first["lang"]) == (True, site.lang)
    assert first["entries"] >= 5
    assert len(first["titles"]) == 3
    assert (first["newest"] != [], first["rhythm_s"] is not None) == (
        (site.offer is not Offer.PAGE,) * 2
    )
    assert first["tests"][-1]["fault"] == ""
    assert first["tests"][-1]["characters"] > 300
    assert first["tests"][-1]["published_at"]
    (source,) = load_config(affair / "config.toml").sources
    assert (source.url, source.kind, source.checked) == (site.source.url, site.source.kind, True)


def test_a_document_is_added_as_one_and_read_as_a_test(affair: Path) -> None:
    (site,) = (site for site in SITES if site.offer is Offer.DOCUMENT)
    done = call_vigie(affair, "add", site.source.url, "--yes", "--name", "Le recueil")
    assert done.returncode == 0, done.stderr
    assert "Le recueil (document" in done.stdout
    assert "489990" in done.stdout
    (source,) = load_config(affair / "config.toml").sources
    assert (source.kind, source.name) == (SourceKind.DOCUMENT, "Le recueil")


def test_elsewhere_than_in_a_terminal_nothing_is_written_without_a_word(affair: Path) -> None:
    before = (affair / "config.toml").read_bytes()
    done = call_vigie(affair, "add", f"{COURRIER}/")
    assert done.returncode == 0
    assert "2 finds, the best first" in done.stdout
    assert "Nothing is written. --yes adds the first" in done.stderr
    assert (affair / "config.toml").read_bytes() == before


def test_what_is_added_keeps_the_file_and_is_polled_by_the_next_pass(
    affair: Path, press: Press
) -> None:
    before = (affair / "config.toml").read_text(encoding="utf-8")
    assert call_vigie(affair, "add", f"{COURRIER}/", "--yes").returncode == 0
    assert (affair / "config.toml").read_text(encoding="utf-8").startswith(before)
    call_vigie(affair, "run", "--json")
    (told,) = json.loads(call_vigie(affair, "sources", "--json").stdout)
    assert (told["state"], told["entries"]) == ("ok", 19)


@pytest.mark.parametrize(
    "again", [f"{COURRIER}/", f"{COURRIER}/rss/une.xml", f"{COURRIER}/rss/une.xml?utm_source=x"]
)
def test_a_source_that_stands_there_is_refused_and_named(affair: Path, again: str) -> None:
    call_vigie(affair, "add", f"{COURRIER}/", "--yes", "--name", "Le Courrier")
    before = (affair / "config.toml").read_text(encoding="utf-8")
    done = call_vigie(affair, "add", again, "--yes")
    line = before[: before.index("[[sources]]")].count("\n") + 1
    assert done.returncode == 2
    assert f"source 1 “Le Courrier”, line {line}. Nothing is written" in done.stderr
    assert (affair / "config.toml").read_text(encoding="utf-8") == before


def test_the_address_that_a_source_moved_to_is_that_source(affair: Path) -> None:
    old = Source(url="http://silent.example/rss", name="L'ancienne adresse")
    add_sources(affair / "config.toml", [old])
    state = SourceState(url=old.url, state="ok", address=f"{COURRIER}/rss/une.xml")
    with open_store(affair / "data") as store:
        store.save_sources([old], now=MONDAY)
        store.record_poll(state, (), None, now=MONDAY)
    done = call_vigie(affair, "add", f"{COURRIER}/", "--yes")
    assert done.returncode == 2
    assert "source 1 “L'ancienne adresse”" in done.stderr


@pytest.mark.parametrize(
    ("mode", "said"), [(0o644, True), (0o600, False)], ids=["open to others", "closed already"]
)
def test_a_login_closes_the_configuration_to_others_and_that_is_said(
    affair: Path, mode: int, said: bool
) -> None:
    config = affair / "config.toml"
    config.chmod(mode)
    login = COURRIER.replace("//", "//lectrice:motdepasse1@")
    done = call_vigie(affair, "add", f"{login}/rss/une.xml", "--yes")
    assert (done.returncode, config.stat().st_mode & 0o777) == (0, 0o600)
    assert ("it is readable by you alone (mode 600)" in done.stderr) is said
    assert "motdepasse1" in config.read_text("utf-8")
    assert "motdepasse1" not in done.stdout + done.stderr


def test_a_part_of_a_page_is_watched_by_its_selector(affair: Path) -> None:
    (site,) = (site for site in SITES if site.offer is Offer.PAGE)
    done = call_vigie(affair, "add", site.source.url, "--selector", "h2", "--yes")
    (source,) = load_config(affair / "config.toml").sources
    assert (done.returncode, source.kind, source.selector) == (0, SourceKind.PAGE, "h2")


WRONG = {
    "a private address": (2, "http://127.0.0.1/"),
    "a private name": (2, "http://localhost/feed"),
    "another scheme": (2, "file:///etc/passwd"),
    "a script": (2, "javascript:alert(1)"),
    "no address": (2, "not an address"),
    "no web port": (2, "http://a.example.org:22/"),
    "a password in the wrong place": (2, "u:motdepasse1@host"),
    "a site that is down": (1, "http://echo-des-villes.example/"),
    "a page that is not there": (1, f"{COURRIER}/nulle-part"),
}


@pytest.mark.parametrize(("status", "url"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_added_is_one_sentence_with_what_to_do(
    affair: Path, status: int, url: str
) -> None:
    before = (affair / "config.toml").read_bytes()
    done = call_vigie(affair, "add", url, "--yes")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (status, "", 1)
    assert done.stderr.startswith("vigie: ")
    assert "motdepasse1" not in done.stderr
    assert (affair / "config.toml").read_bytes() == before


@pytest.mark.parametrize(
    "options",
    [("--selector", "a["), ("--lang", "12"), ("--selector", "#nothing-of-it")],
    ids=" ".join,
)
def test_a_wrong_option_is_one_sentence(affair: Path, options: tuple[str, ...]) -> None:
    done = call_vigie(affair, "add", f"{COURRIER}/", *options, "--yes")
    assert done.returncode == (1 if "#nothing-of-it" in options else 2)
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)


def test_a_password_in_an_address_is_written_and_never_shown(affair: Path) -> None:
    url = COURRIER.replace("://", "://u:motdepasse1@") + "/rss/une.xml?token=jeton2"
    done = call_vigie(affair, "add", url, "--yes")
    assert done.returncode == 0
    for line in (("add", url, "--yes"), ("add", url, "--json")):
        again = call_vigie(affair, *line)
        for told in (done.stdout, done.stderr, again.stdout, again.stderr):
            assert "motdepasse1" not in told
            assert "jeton2" not in told
    assert load_config(affair / "config.toml").sources[0].url == url


def in_a_terminal(folder: Path, typed: str, *line: str) -> str:
    """Return what a person who types sees in a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "app", "--config", str(folder / "config.toml"), *line]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", "TERM": "xterm"}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    os.write(ours, typed.encode())
    seen = b""
    with suppress(OSError):  # a terminal that nobody holds any more reads as an error
        while piece := os.read(ours, 65536):
            seen += piece
    os.close(ours)
    assert process.wait(timeout=60) == 0, seen
    return seen.decode()


@pytest.mark.parametrize(
    ("typed", "kinds"),
    [("\n", ["feed"]), ("0\n", []), ("7\n2,1\n", ["page", "feed"])],
    ids=["the best", "none", "a wrong number, then both"],
)
def test_in_a_terminal_a_person_chooses(affair: Path, typed: str, kinds: list[str]) -> None:
    seen = in_a_terminal(affair, typed, "add", f"{COURRIER}/")
    assert "Add which? Numbers, 0 for none" in seen
    assert [source.kind for source in load_config(affair / "config.toml").sources] == kinds
    shown = [line for line in seen.splitlines() if "http" not in line and "Added" not in line]
    assert max(map(len, shown)) <= 90
