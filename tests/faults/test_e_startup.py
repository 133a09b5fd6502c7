"""Fault 59: damage found when the program starts, and nothing written from then on."""

import shutil
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from litestar.testing import TestClient

from app.commands import serve_command
from model.config import parse_config
from model.errors import DamageError
from store import open_store
from store.evidence.startup import BUDGET_S, check_at_start, load_state
from store.sqlite import sqlite3
from tests.faults.backing_up import back_up
from tests.faults.running import CONFIG, call_vigie, write_config
from tests.store.makers import NOON, keep, make_capture, make_reading
from web.app import create_app

DAY = timedelta(days=1)


def fill(data: Path, number: int = 5) -> None:
    """Keep articles, the first from a capture file."""
    with open_store(data) as store:
        page = make_reading("https://a.example/page", text="Une page." * 50)
        keep(store, page, capture=make_capture(data, b"la page"))
        for one in range(number):
            reading = make_reading(f"https://a.example/{one}", text=f"Le texte entier {one}. " * 90)
            keep(store, reading, raw=b"%d" % one)


def flip_text(data: Path) -> None:
    """Flip one bit of a stored text, which leaves the database well formed."""
    with sqlite3.connect(data / "vigie.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()
    content = bytearray((data / "vigie.db").read_bytes())
    content[content.index(b"Le texte entier 3") + 4] ^= 1
    (data / "vigie.db").write_bytes(content)


def spoil_page(data: Path, table: str = "change") -> None:
    """Spoil the root page of a table."""
    with sqlite3.connect(data / "vigie.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        ((page, size),) = connection.execute(
            "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema"
            " WHERE name = ?",
            (table,),
        ).fetchall()
    connection.close()
    content = bytearray((data / "vigie.db").read_bytes())
    content[(page - 1) * size] ^= 0xFF
    (data / "vigie.db").write_bytes(content)


def flip_capture(data: Path) -> None:
    """Flip one bit of a capture file."""
    (data / "captures/a.warc.gz").write_bytes(b"la qage")


DAMAGES = {"text": flip_text, "page": spoil_page, "capture": flip_capture}


@pytest.mark.parametrize("damage", DAMAGES)
def test_fault_59_damage_is_found_at_the_start_and_nothing_is_written(
    tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(tmp_path)
    data = tmp_path / "data"
    fill(data)
    good = back_up(data, tmp_path / "elsewhere").backup.folder
    DAMAGES[damage](data)
    before = (data / "vigie.db").read_bytes()
    done = call_vigie(tmp_path, "run")
    assert done.returncode == 5
    assert f"`vigie restore {good} --replace`" in done.stderr
    (tmp_path / "x.txt").write_text("Les caméras. " * 20)
    for line in (("run",), ("import", str(tmp_path / "x.txt"))):
        again = call_vigie(tmp_path, *line)
        assert (again.returncode, str(good) in again.stderr) == (5, True)
    assert (data / "vigie.db").read_bytes() == before
    served: list[object] = []
    monkeypatch.setattr(serve_command, "serve", lambda *given: served.append(given))
    if damage != "page":
        serving = call_vigie(tmp_path, "serve", "--watch")
        assert served
        assert "Only reading" in serving.stderr
        assert call_vigie(tmp_path, "search", "texte").returncode == 0
    assert (data / "vigie.db").read_bytes() == before
    assert call_vigie(tmp_path, "restore", str(good), "--replace").returncode == 0
    assert call_vigie(tmp_path, "run").returncode == 0


def test_fault_59_a_damaged_capture_can_be_lived_with_a_database_cannot(tmp_path: Path) -> None:
    write_config(tmp_path)
    data = tmp_path / "data"
    fill(data)
    shutil.copytree(data, tmp_path / "kept")
    flip_capture(data)
    assert call_vigie(tmp_path, "run").returncode == 5
    assert call_vigie(tmp_path, "verify").returncode == 5
    assert call_vigie(tmp_path, "run").returncode == 5
    assert call_vigie(tmp_path, "verify", "--accept").returncode == 5
    assert call_vigie(tmp_path, "run").returncode == 0
    assert check_at_start(data, now=NOON + 9999 * DAY) == ()
    assert call_vigie(tmp_path, "verify").returncode == 5


def test_fault_59_what_verify_finds_stops_all_writing_too(tmp_path: Path) -> None:
    write_config(tmp_path)
    data = tmp_path / "data"
    fill(data)
    assert call_vigie(tmp_path, "run").returncode == 0  # the check of this day is made
    flip_text(data)
    assert call_vigie(tmp_path, "run").returncode == 0
    found = call_vigie(tmp_path, "verify")
    assert (found.returncode, "Nothing more is written to" in found.stderr) == (5, True)
    refused = call_vigie(tmp_path, "run")
    assert (refused.returncode, "Nothing more is written" in refused.stderr) == (5, True)
    assert call_vigie(tmp_path, "verify", "--accept").returncode == 5
    for line in (("run",), ("rebuild", "index")):
        assert call_vigie(tmp_path, *line).returncode == 0
    assert call_vigie(tmp_path, "verify").returncode == 5
    assert call_vigie(tmp_path, "run").returncode == 0


def test_fault_59_what_is_derived_and_damaged_is_made_again(tmp_path: Path) -> None:
    write_config(tmp_path)
    data = tmp_path / "data"
    with open_store(data) as store:
        reading = make_reading(text="Le port a fermé le 14 novembre 2023, dit la CNIL." * 9)
        keep(store, reading, raw=b"x")
    assert call_vigie(tmp_path, "rebuild").returncode == 0
    with sqlite3.connect(data / "vigie.db") as connection:
        connection.execute("UPDATE citation SET sentence = replace(sentence, '14', '15')")
    connection.close()
    found = call_vigie(tmp_path, "verify")
    assert (found.returncode, "`vigie rebuild events` makes it again" in found.stderr) == (5, True)
    assert call_vigie(tmp_path, "rebuild", "events").returncode == 0
    assert call_vigie(tmp_path, "verify").returncode == 0


def test_fault_59_what_is_mended_by_hand_is_well_again_after_verify(tmp_path: Path) -> None:
    write_config(tmp_path)
    data = tmp_path / "data"
    fill(data)
    flip_capture(data)
    assert call_vigie(tmp_path, "run").returncode == 5
    (data / "captures/a.warc.gz").write_bytes(b"la page")
    assert call_vigie(tmp_path, "verify").returncode == 0
    assert call_vigie(tmp_path, "run").returncode == 0


def test_fault_59_the_check_is_made_once_a_day_and_ends_in_time(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, 60)
    assert check_at_start(data, now=NOON) == ()
    flip_capture(data)
    assert check_at_start(data, now=NOON + DAY / 2) == ()
    assert check_at_start(data, now=NOON - 2 * DAY)
    with pytest.raises(DamageError):
        open_store(data)

    ticks = iter(range(10_000))
    (data / "startup-check.json").unlink()
    (data / "captures/a.warc.gz").write_bytes(b"la page")
    seen = []
    for day in range(12):
        asked = check_at_start(data, now=NOON + day * DAY, clock=lambda: next(ticks) * BUDGET_S / 9)
        state = load_state(data)
        seen.append((state.table, state.capture, state.version))
        assert asked == ()
    assert len({table for table, _, _ in seen}) > 5  # each day goes on where the last one ended
    assert len({capture for _, capture, _ in seen}) > 5
    assert len({version for _, _, version in seen}) > 5


def test_fault_59_nothing_is_checked_where_nothing_is(tmp_path: Path) -> None:
    assert check_at_start(tmp_path / "data", now=NOON) == ()
    assert not (tmp_path / "data").exists()


def ask(data: Path, address: str) -> tuple[int, str]:
    """Return what the page answers, as a browser shows it."""
    app = create_app(data, parse_config(CONFIG), clock=lambda: NOON)
    with TestClient(
        app, base_url="http://127.0.0.1:8350", raise_server_exceptions=False
    ) as browser:
        answer = browser.get(address)
    return answer.status_code, unescape(answer.text)


@pytest.mark.parametrize("damage", DAMAGES)
def test_fault_59_every_page_says_that_something_is_damaged(tmp_path: Path, damage: str) -> None:
    write_config(tmp_path)
    data = tmp_path / "data"
    fill(data)
    assert "damaged" not in ask(data, "/?lang=en")[1]
    DAMAGES[damage](data)
    assert call_vigie(tmp_path, "run").returncode == 5
    for address in (
        "/?lang=en",
        "/?lang=en&by=published&q=texte",
        "/article/2?lang=en",
        "/nope?lang=en",
    ):
        status, page = ask(data, address)
        assert "Some of what is held is damaged: nothing more is written." in page, address
        assert (status, str(data) in page) in {(200, False), (404, False), (503, False)}
    assert "Des données conservées sont endommagées" in ask(data, "/?lang=fr")[1]


def test_fault_59_a_page_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data)
    spoil_page(data, "version")
    status, page = ask(data, "/article/2?lang=en")
    assert (status, "This page is damaged on the disk" in page) == (503, True)
    assert "Traceback" not in page
