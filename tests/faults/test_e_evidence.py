"""E. Evidence: what was kept is proven to others, and nothing lets go of it (61, 62, 64)."""

import asyncio
import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from app.pipeline import make_pass
from model.config import Affair, Config, CrawlerSettings, Evidence, NlpSettings
from model.errors import VigieError
from nlp.tagging import Tagger
from store.evidence.stamps import Stamp
from tests.crawler.authority import HOST, make_authority, running
from tests.crawler.misbehaving import NOON, SITE, http
from tests.faults.running import call_vigie, write_config
from tests.faults.watching import FEED, Watched, feed, item, page

YEARS = timedelta(days=800)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """Return an affair after one pass: an article that is kept and a page that is not."""
    write_config(tmp_path)
    other = b"<!doctype html><title>La soupe</title><article><h1>La soupe</h1>" + b"".join(
        b"<p>Du sel, de l'eau et des poireaux, longtemps, dans une grande casserole.</p>"
        for _ in range(12)
    )
    answers = {
        "/feed": feed(item(1), item(2)),
        "/a1": page(1),
        "/a2": http(other, Content_Type="text/html; charset=utf-8"),
    }
    made = Watched(tmp_path, answers)
    made.make_pass()
    return made


def test_fault_61_one_flipped_byte_anywhere_in_a_capture_file_is_named(
    watched: Watched, tmp_path: Path
) -> None:
    (file,) = (tmp_path / "data/captures").rglob("*.warc.gz")
    whole = file.read_bytes()
    with watched.store() as store:
        held = store.verify()
        assert (held.captures, held.damages) == (1, ())
        for place in range(0, len(whole), 13):
            spoilt = bytearray(whole)
            spoilt[place] ^= 0x40
            file.write_bytes(spoilt)
            with pytest.raises(VigieError, match=f"capture 1 |{file.name}") as damage:
                store.verify()
            assert damage.value.exit_status == 5, place
    done = call_vigie(tmp_path, "verify")
    assert (done.returncode, file.name in done.stderr) == (5, True)
    file.write_bytes(whole)
    assert call_vigie(tmp_path, "verify").returncode == 0


@pytest.mark.parametrize(
    ("tampering", "named"),
    [
        ("UPDATE version SET seen_at = '2020-01-01T00:00:00Z' WHERE id = 1", "version 1 of"),
        ("UPDATE version SET number = 3 WHERE id = 1", "version 3 of"),
        ("UPDATE version SET capture_id = NULL WHERE id = 1", "version 1 of"),
        ("DELETE FROM version WHERE id = 1", "the version with the number 1,"),
        ("UPDATE change SET seen_at = '2020-01-01T00:00:00Z' WHERE id = 1", "change 1 of"),
        ("UPDATE change SET what = 'back' WHERE id = 1", "change 1 of"),
        ("DELETE FROM change WHERE id = 1", "the change with the number 1,"),
        ("DELETE FROM stamp", "the time stamp with the number "),
    ],
)
def test_fault_61_versions_changes_and_stamps_touched_behind_the_program_are_named(
    watched: Watched, tmp_path: Path, tampering: str, named: str
) -> None:
    watched.answers["/a1"] = http(status=410)
    watched.make_pass(NOON + timedelta(days=1))
    with watched.store() as store:
        seal = store.seal()
        stamp = Stamp(
            captures=seal.captures,
            lines=seal.lines,
            chain=seal.chain,
            authority="x",
            stamped_at=NOON,
            token=b"",
        )
        store.save_stamp(stamp)
        assert store.verify().changes == 1
        for row in list(store.database.rows("SELECT name FROM sqlite_schema WHERE type='trigger'")):
            store.database.execute(f"DROP TRIGGER {row['name']}")
        store.database.execute("PRAGMA foreign_keys = OFF")
        store.database.execute(tampering)
    done = call_vigie(tmp_path, "verify")
    assert (done.returncode, named in done.stderr) == (5, True)


def test_fault_62_an_export_is_checked_without_the_program(watched: Watched) -> None:
    folder = watched.data.parent
    done = call_vigie(folder, "export", "evidence", f"http://{SITE}/a1", "--to", f"{folder}/out")
    assert done.returncode == 0
    check = ["sha256sum", "--quiet", "-c", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder / "out", check=False).returncode == 0
    (file,) = (folder / "out/captures").glob("*.warc.gz")
    with file.open("rb") as stream:
        records = {one.rec_type: one.content_stream().read() for one in ArchiveIterator(stream)}
    assert "caméras".encode() in records["response"]
    facts = json.loads(records["metadata"])
    assert facts["peer"].startswith("127.0.0.1:")
    assert {"url", "final_url", "redirects", "redirect_statuses", "certificate_sha256", "software",
            "body_sha256", "status", "fetched_at"} <= set(facts)  # fmt: skip
    file.write_bytes(file.read_bytes()[:-1] + b"\x01")
    spoilt = subprocess.run(check, cwd=folder / "out", capture_output=True, check=False)
    assert (spoilt.returncode, file.name in spoilt.stdout.decode()) == (1, True)


def test_fault_62_a_time_stamp_by_others_changes_no_record(
    watched: Watched, tmp_path: Path
) -> None:
    root = make_authority(tmp_path / "authority")
    before = {path: path.read_bytes() for path in (tmp_path / "data/captures").rglob("*.gz")}
    with running(tmp_path / "authority") as authority, watched.store() as store:
        rows = list(store.database.rows("SELECT * FROM capture"))
        config = Config(
            affair=Affair(name="Le port", match="caméras"),
            crawler=CrawlerSettings(hosts={HOST: f"127.0.0.1:{authority.port}"}),
            evidence=Evidence(timestamp_url=f"http://{HOST}/tsr", timestamp_certificates=str(root)),
            nlp=NlpSettings(models={}),
        )
        tagger = Tagger((), config.nlp)
        summary = asyncio.run(make_pass(config, store, tagger, lambda: NOON, lambda _: None))
        assert (summary.faults, summary.counts["stamps_made"]) == ((), 1)
        assert list(store.database.rows("SELECT * FROM capture")) == rows
        assert store.verify().stamps == 1
    assert {path: path.read_bytes() for path in before} == before


def test_fault_64_age_lets_go_of_texts_outside_the_affair_alone(watched: Watched) -> None:
    with watched.store() as store:
        (kept,) = watched.articles().values()
        assert len(store.unkept_readings(limit=9)) == 1
        before = (store.article(kept), store.article_captures(kept), store.verify())
        entries = store.database.value("SELECT count(*) FROM entry")
    watched.answers["/a1"] = http(status=410)
    watched.sources = []
    summary = watched.make_pass(NOON + YEARS)
    assert summary.counts["texts_let_go"] == 1
    with watched.store() as store:
        assert store.unkept_readings(limit=9) == ()
        assert store.database.value("SELECT count(*) FROM entry") == entries
        assert store.article(kept).current == before[0].current
        assert set(before[1]) <= set(store.article_captures(kept))
        assert store.verify().captures >= before[2].captures
    folder = watched.data.parent
    done = call_vigie(folder, "prune", "--entries", "365", "--json")
    assert json.loads(done.stdout)["pruning"]["entries"] == 0


def test_fault_64_a_dry_run_says_what_would_go_and_changes_nothing(
    watched: Watched, tmp_path: Path
) -> None:
    with watched.store() as store, store.database.writing():
        store.database.execute("UPDATE unkept SET read_at = '2020-01-01T00:00:00Z'")
        store.database.execute(
            "UPDATE entry SET unlisted_since = '2020-01-01T00:00:00Z' WHERE article_id IS NULL"
        )
    before = shutil.copytree(tmp_path / "data", tmp_path / "before")
    dry = call_vigie(tmp_path, "prune", "--entries", "400", "--dry-run")
    assert dry.returncode == 0
    assert "1 text (" in dry.stdout
    assert "1 entry outside the affair would be let go" in dry.stdout
    assert FEED in dry.stdout
    assert f"http://{SITE}/a2" in dry.stdout
    assert "With --entries 365, 1 entry would" in call_vigie(tmp_path, "prune", "--dry-run").stderr
    with watched.store() as store:
        assert len(store.unkept_readings(limit=9)) == 1
    assert (before / "vigie.db").read_bytes() == (tmp_path / "data/vigie.db").read_bytes()
    done = call_vigie(tmp_path, "prune", "--entries", "400")
    assert "1 entry outside the affair were let go" in done.stdout
    with watched.store() as store:
        assert store.unkept_readings(limit=9) == ()
        assert [row["url"] for row in store.database.rows("SELECT url FROM entry")] == [
            f"http://{SITE}/a1"
        ]
        assert store.verify().captures == 1
    assert "Nothing to let go" in call_vigie(tmp_path, "prune").stdout


def test_fault_64_a_pass_at_work_is_not_disturbed(watched: Watched, tmp_path: Path) -> None:
    with watched.store() as store, store.lock("run"):
        done = call_vigie(tmp_path, "prune")
        assert (done.returncode, done.stderr.count("\n")) == (75, 1)
        assert call_vigie(tmp_path, "prune", "--dry-run").returncode == 0
    assert call_vigie(tmp_path, "prune", "--entries", "30").returncode == 2


def test_fault_64_nothing_is_made_where_nothing_is_held(tmp_path: Path) -> None:
    write_config(tmp_path)
    for line in (("prune",), ("prune", "--dry-run"), ("export", "evidence", "1")):
        done = call_vigie(tmp_path, *line)
        assert (done.returncode, "does not exist" in done.stderr) == (1, True)
    assert not (tmp_path / "data").exists()
