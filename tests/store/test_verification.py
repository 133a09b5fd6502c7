"""All that somebody with the files can do behind the program is named by `verify`."""

import gzip
import json
import os

import pytest

from app.cli import vigie
from crawler.captures import CaptureWriter, pack_records
from model.capture import Response
from model.errors import DamageError
from store.evidence.captures import chained, link, spell_row
from store.evidence.verification import MAX_DAMAGES, EvidenceError
from tests.cost import cheapest_s
from tests.store.makers import NOON, keep, make_reading
from tests.store.many_captures import log_captures


def respond(number):
    """Return one response of a press that has many."""
    return Response(
        url=f"https://a.example/{number}",
        final_url=f"https://a.example/{number}",
        status=200,
        headers=(("Content-Type", "text/html"),),
        request_headers=(("Host", "a.example"),),
        body=b"<p>page %d</p>" % number * 20,
        fetched_at=NOON,
    )


@pytest.fixture
def held(store):
    """Return a store whose run wrote three captures and logged the first and the last."""
    writer = CaptureWriter(store.data, "run")
    for number in range(3):
        capture = writer.write(respond(number))
        if number != 1:
            keep(store, make_reading(f"https://a.example/{number}"), capture=capture)
    return store


@pytest.fixture
def file(held):
    (path,) = held.data.rglob("*.warc.gz")
    return path


def damages(store):
    """Return every damage that `verify` names."""
    with pytest.raises(EvidenceError) as damage:
        store.verify()
    return damage.value.verified.damages


def test_a_removed_article_is_named_though_its_versions_are_there(held):
    held.database.execute("PRAGMA foreign_keys = OFF")
    held.database.execute("DROP TRIGGER article_is_never_deleted")
    held.database.execute("DELETE FROM article WHERE id = 1")
    assert damages(held) == ("article 1 is missing: its row was removed",)


def test_records_that_no_row_cites_are_counted_and_are_no_damage(held):
    verified = held.verify()
    assert (verified.captures, verified.versions, verified.unlogged) == (2, 2, 3)
    assert (verified.notes, verified.damages) == ((), ())


@pytest.mark.parametrize("bit", [0x01, 0x10, 0x80], ids=hex)
def test_any_bit_of_any_byte_outside_the_captures_is_seen(held, file, bit):
    whole = file.read_bytes()
    spans = [
        range(row["offset"], row["offset"] + row["length"])
        for row in held.database.rows("SELECT offset, length FROM capture")
    ]
    unseen = []
    with file.open("r+b", buffering=0) as handle:
        for place in range(len(whole)):
            if any(place in span for span in spans):
                continue
            os.pwrite(handle.fileno(), bytes([whole[place] ^ bit]), place)
            try:
                held.verify()
                unseen.append(place)
            except EvidenceError as error:
                (damage,) = error.verified.damages
                assert file.name in damage
                assert ("warcinfo" in damage) is (place < spans[0].start)
            os.pwrite(handle.fileno(), whole[place : place + 1], place)
    assert unseen == []
    assert file.read_bytes() == whole


JUNK = {
    "words": b"junk",
    "one byte": b"\0",
    "another gzip": gzip.compress(b"junk", mtime=1),
    "a gzip of no record": gzip.compress(b"junk\r\n\r\n", mtime=0),
    "another kind of record": gzip.compress(
        b"WARC/1.0\r\nWARC-Type: resource\r\nContent-Length: 1\r\n\r\nx\r\n\r\n", 6, mtime=0
    ),
    "a record and more": gzip.compress(
        b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 1\r\n\r\nxyz\r\n\r\n", 6, mtime=0
    ),
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_what_was_appended_to_a_file_is_damage(held, file, junk):
    size = file.stat().st_size
    file.write_bytes(file.read_bytes() + junk)
    (damage,) = damages(held)
    assert f"its bytes {size} to {size + len(junk) - 1} are neither" in damage


def test_what_was_put_before_a_capture_moves_it_and_is_named_too(held, file):
    file.write_bytes(b"junk" + file.read_bytes())
    found = damages(held)
    assert [word in " ".join(found) for word in ("capture 1 ", "capture 2 ", "warcinfo")] == [
        True
    ] * 3


def test_a_torn_last_record_of_a_killed_run_is_a_note(held, file):
    torn = pack_records(respond(3))
    whole = file.read_bytes()
    for cut in (1, 9, 40, len(torn) - 1):
        file.write_bytes(whole + torn[:cut])
        (note,) = held.verify().notes
        assert "torn" in note


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08"], ids=["empty", "torn head"])
def test_a_file_whose_run_was_killed_as_it_began_is_a_note(held, file, content):
    file.with_name("killed.warc.gz").write_bytes(content)
    (note,) = held.verify().notes
    assert "killed.warc.gz" in note


def test_a_file_that_no_row_cites_is_looked_at_too(held, file):
    other = file.with_name("other.warc.gz")
    other.write_bytes(b"put there by somebody")
    (damage,) = damages(held)
    assert other.name in damage


def test_bytes_added_to_an_imported_file_are_named(held):
    keep(held, make_reading("https://a.example/9"), raw=b"a file", record_path="x.md")
    (path,) = (path for path in held.data.glob("imports/*/*"))
    path.write_bytes(path.read_bytes() + b"more")
    (damage,) = damages(held)
    assert "capture 3 " in damage
    assert "bytes were added" in damage


def test_a_file_that_was_cut_is_said_to_be_cut(held, file):
    file.write_bytes(file.read_bytes()[:-7])
    (damage,) = damages(held)
    assert "capture 2 " in damage
    assert "7 of its bytes are missing" in damage


def alter(store, *statements):
    """Change rows behind the program's back, as somebody with the file can."""
    names = [
        row["name"]
        for row in store.database.rows("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    ]
    for name in names:
        store.database.execute(f"DROP TRIGGER {name}")
    store.database.execute("PRAGMA foreign_keys = OFF")
    for statement in statements:
        store.database.execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        "text = 'Un texte !'",
        "title = lower(title)",
        "summary = 'x'",
        "authors = '[\"Zoé\"]'",
        "title = title || substr(text, 1, 1), text = substr(text, 2)",
        "text = CAST(x'ff' AS TEXT)",
        "text_sha256 = ''",
    ],
)
def test_a_version_changed_behind_the_triggers_is_named(held, change):
    alter(held, f"UPDATE version SET {change} WHERE id = 2")  # noqa: S608 - ours
    (damage,) = damages(held)
    assert damage.startswith("version 1 of article 2 (https://a.example/2): ")


def test_a_version_removed_behind_the_triggers_is_named(held):
    alter(held, "DELETE FROM version WHERE id = 1")
    found = damages(held)
    assert found[0].startswith("the version with the number 1, line 1 of the ledger, is missing")
    assert len(found) == 2
    assert "article 1 (https://a.example/0) has 0 of its 1 version:" in found[1]


def test_a_text_that_is_no_utf8_is_read_again_as_before_afterwards(held):
    factory = held.database.tables.conn.text_factory
    held.verify()
    assert held.database.tables.conn.text_factory is factory


def test_all_damages_are_named_not_the_first_alone(held, file):
    content = bytearray(file.read_bytes())
    content[3] ^= 1
    content[-1] ^= 1
    file.write_bytes(content)
    alter(held, "UPDATE version SET text = 'x'", "UPDATE capture SET status = 404 WHERE id = 1")
    found = damages(held)
    wanted = ("capture 1 ", "capture 2 ", "warcinfo", "version 1 of article 1", "article 2")
    assert [len([one for one in found if word in one]) for word in wanted] == [1] * 5
    assert all("\n" not in one for one in found)


def test_a_long_list_of_damages_is_cut_and_says_so(store):
    for number in range(MAX_DAMAGES + 5):
        keep(store, make_reading(f"https://a.example/{number}"))
    alter(store, "UPDATE version SET text = 'x'")
    found = damages(store)
    assert len(found) == MAX_DAMAGES + 1
    assert found[-1].startswith("5 more")


def test_many_missing_rows_are_one_sentence(held):
    alter(held, "UPDATE capture SET id = 4000000000 WHERE id = 2")
    assert "captures 2 to 3999999999 are missing: their rows were removed" in damages(held)


def test_a_broken_page_of_the_database_does_not_hide_what_else_is_damaged(tmp_path):
    from store import open_store

    with open_store(tmp_path) as store:
        for number in range(200):
            keep(store, make_reading(f"https://a.example/{number}", text=f"mot {number} " * 200))
        keep(store, make_reading("https://a.example/x"), raw=b"a file", record_path="x.md")
        store.database.value("PRAGMA wal_checkpoint(TRUNCATE)")
        page = store.database.value("SELECT rootpage FROM sqlite_schema WHERE name = 'version'")
        size = store.database.value("PRAGMA page_size")
    (kept,) = tmp_path.glob("imports/*/*")
    kept.write_bytes(b"another")
    file = tmp_path / "vigie.db"
    content = bytearray(file.read_bytes())
    content[(page - 1) * size + 3] ^= 0xFF
    file.write_bytes(content)
    with open_store(tmp_path) as store, pytest.raises(DamageError) as damage:
        store.verify()
    assert "vigie.db is damaged" in str(damage.value)
    assert "capture 1 " in str(damage.value)


def test_the_command_prints_every_damage_as_json_and_ends_with_status_5(held, file, capsys):
    config = held.data.parent / "config.toml"
    config.write_text('[affair]\nname = "x"\nmatch = "x"\n', encoding="utf-8")
    called = ["--config", str(config), "--data", str(held.data), "verify"]
    assert vigie.main(called, standalone_mode=False) == 0
    assert "2 captures, 2 texts and 0 noted changes match" in capsys.readouterr().out
    file.write_bytes(file.read_bytes() + b"junk")
    alter(held, "UPDATE version SET text = 'x' WHERE id = 1")
    assert vigie.main([*called, "--json"], standalone_mode=False) == 5
    assert len(json.loads(capsys.readouterr().out)["damages"]) == 2
    assert vigie.main(called, standalone_mode=False) == 5
    out, err = capsys.readouterr()
    assert ("match" in out, err.count("vigie: ")) == (False, 2)


def test_a_capture_whose_link_was_taken_out_is_named(held):
    alter(held, "UPDATE capture SET chain = '' WHERE id = 1")
    found = damages(held)
    assert found[0].startswith("capture 1 (https://a.example/0) has no link of the chain")
    assert found[1].startswith("capture 2 (https://a.example/2) was changed")


def test_looking_at_a_capture_costs_little(store):
    log_captures(store, 1000)
    assert store.verify().captures == 1000
    assert cheapest_s(store.verify, 0.2) < 0.2


def test_a_log_that_an_older_program_began_is_verified_to_its_end(held):
    """The links of schema 1 are made of whole rows; no link is ever made again."""
    head = held.chain_head()
    assert head.whole_until == 0
    alter(held, "UPDATE chain_head SET whole_until = 1")
    assert "capture 1 " in damages(held)[0]
    row = held.database.find_row("SELECT * FROM capture WHERE id = 1")
    whole = link("", spell_row(row).decode())
    second = held.database.find_row("SELECT * FROM capture WHERE id = 2")
    last = link(whole, chained(second, 1))
    held.database.execute("UPDATE capture SET chain = ? WHERE id = 1", (whole,))
    held.database.execute("UPDATE capture SET chain = ? WHERE id = 2", (last,))
    held.database.execute("UPDATE chain_head SET chain = ?", (last,))
    assert held.verify().damages == ()
