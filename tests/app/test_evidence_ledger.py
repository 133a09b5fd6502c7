"""An evidence folder proves its versions and changes too, to whoever has nothing but Python."""

import json
import re
import subprocess
from datetime import timedelta

import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from app.evidence.folder import Exporter
from crawler.captures import CaptureWriter
from model.article import Image
from model.capture import Response
from model.errors import DamageError
from store import open_store
from store.evidence.stamps import Stamp
from tests.app.test_evidence import run_snippet
from tests.crawler.authority import answer, make_authority
from tests.store.makers import NOON, keep, make_reading
from tests.store.test_verification import alter

DAY = timedelta(days=1)
ODD = make_reading(
    title='Un "titre"\n\\ é\x7f\u2028\x01',
    text="Un texte. \U0001f4f7 \t fin\r\n",
    authors=('Zoé "Z" D’Ys', "A/B, <C>", "\x02"),
    summary="Résumé",
    images=(Image(url="https://a.example/i.jpg"),),
    details={"pages": "3"},
    published_at=NOON - DAY,
)


@pytest.fixture
def store(tmp_path):
    """Return a store with an article of two versions that is absent, and others around it."""
    with open_store(tmp_path / "data") as opened:
        keep(opened, make_reading("https://a.example/before"), raw=b"x")
        keep(opened, ODD, raw=b"one")
        keep(opened, make_reading("https://a.example/between"))
        keep(opened, make_reading(text="Un tout autre texte."), raw=b"two", now=NOON + DAY)
        opened.record_reading(2, "absent", "it answers 404 \u2028", now=NOON + 2 * DAY)
        keep(opened, make_reading("https://a.example/after"))
        yield opened


def export(store, folder, article=2, certificates=""):
    exporter = Exporter(store, timezone="Europe/Paris", certificates=certificates, now=NOON)
    exporter.export(article, folder)
    return folder


@pytest.fixture
def out(store, tmp_path):
    return export(store, tmp_path / "out")


def statement(out):
    return (out / "STATEMENT.txt").read_text("utf-8")


def test_the_printed_commands_compare_versions_and_changes_with_the_ledger(out):
    done = run_snippet(out)
    assert (done.returncode, done.stderr) == (0, "")
    ledger = json.loads((out / "ledger.json").read_text("utf-8"))
    assert [one["kind"] for one in ledger["lines"]] == ["version", "version", "change", "change"]
    assert (ledger["start"]["line"], ledger["head"]["line"], len(ledger["parts"])) == (1, 7, 6)


def test_the_ledger_tells_nothing_of_other_articles(out):
    content = (out / "ledger.json").read_text("utf-8")
    told = [f"a.example/{name}" in content for name in ("1", "before", "between", "after")]
    assert told == [True, False, False, False]


def spoil(out, name, change):
    file = out / name
    value = json.loads(file.read_text("utf-8"))
    change(value)
    file.write_text(json.dumps(value), encoding="utf-8")


def put(place, key, value):
    """Return what puts a value into one item of a list."""

    def change(items):
        assert items[place][key] != value
        items[place][key] = value

    return change


EARLIER = "2020-01-01T00:00:00Z"
SPOILT = {
    "a title": ("versions.json", put(0, "title", "Autre")),
    "a text": ("versions.json", put(0, "text", "Autre")),
    "a summary": ("versions.json", put(0, "summary", "Autre")),
    "a byline": ("versions.json", put(0, "authors", ["Autre"])),
    "a number": ("versions.json", put(1, "number", 3)),
    "when it was seen": ("versions.json", put(1, "seen_at", EARLIER)),
    "when it was published": ("versions.json", put(0, "published_at", EARLIER)),
    "when it was modified": ("versions.json", put(0, "modified_at", EARLIER)),
    "its language": ("versions.json", put(0, "lang", "en")),
    "who could read it": ("versions.json", put(0, "access", "truncated")),
    "its address": ("versions.json", put(0, "url", "https://b.example/")),
    "where its date came from": ("versions.json", put(0, "date_source", "feed")),
    "its capture": ("versions.json", put(1, "capture", 1)),
    "its line": ("versions.json", put(1, "line", 2)),
    "a version left out": ("versions.json", list.pop),
    "a change left out": ("changes.json", list.pop),
    "what changed": ("changes.json", put(0, "detail", "date")),
    "the kind of change": ("changes.json", put(1, "what", "back")),
    "when it changed": ("changes.json", put(1, "seen_at", EARLIER)),
    "the change's capture": ("changes.json", put(0, "capture", 1)),
    "a row": ("ledger.json", lambda told: put(0, "row", "[]")(told["lines"])),
    "a line": ("ledger.json", lambda told: put(0, "spelt", "[]")(told["lines"])),
    "when it was entered": ("ledger.json", lambda told: put(0, "is_late", True)(told["lines"])),
    "a part": ("ledger.json", lambda told: told["parts"].reverse()),
    "the start": ("ledger.json", lambda told: told["start"].update(link="ab" * 32)),
    "the head": ("ledger.json", lambda told: told["head"].update(line=6)),
}


@pytest.mark.parametrize(("name", "change"), SPOILT.values(), ids=SPOILT)
def test_what_is_changed_in_the_folder_no_longer_fits_the_ledger(out, name, change):
    spoil(out, name, change)
    assert run_snippet(out).returncode != 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE version SET seen_at = '2020-01-01T00:00:00Z' WHERE id = 2",
        "UPDATE version SET capture_id = 1 WHERE id = 2",
        "UPDATE version SET text = 'Rien.' WHERE id = 2",
        "UPDATE change SET detail = 'x' WHERE id = 1",
        "UPDATE ledger SET row_sha256 = 'x' WHERE id = 2",
        "UPDATE ledger SET salt = 'x' WHERE id = 7",
        "DELETE FROM ledger WHERE id = 7",
        "DELETE FROM ledger WHERE id = 2",
        "DELETE FROM version WHERE id = 2",
        "DELETE FROM ledger_head",
    ],
)
def test_versions_and_changes_that_no_longer_fit_are_never_handed_on(store, tmp_path, statement):
    alter(store, statement)
    with pytest.raises(DamageError) as damage:
        export(store, tmp_path / "out")
    assert damage.value.exit_status == 5
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stamps") / "authority"
    make_authority(folder)
    return folder


def stamp(store, authority):
    seal = store.seal()
    asked = TimestampRequestBuilder().data(seal.chain.encode())
    token = answer(authority, asked.hash_algorithm(HashAlgorithm.SHA256).build().as_bytes())
    store.save_stamp(
        Stamp(captures=seal.captures, lines=seal.lines, chain=seal.chain, token=token,
              authority="http://stamps.example/tsr", stamped_at=NOON)
    )  # fmt: skip


def test_a_stamp_attests_versions_and_changes_and_what_comes_later_is_named(
    store, authority, tmp_path
):
    stamp(store, authority)
    keep(store, make_reading(text="Encore autre chose."), now=NOON + 3 * DAY)
    out = export(store, tmp_path / "out", certificates=str(authority / "root.pem"))
    said = statement(out)
    assert "the link of line 7 of the ledger, and so all lines up to that one." in said
    assert "No third party attested what stands in lines 9, 10, 11 of the ledger" in said
    assert "Aucun tiers n'a attesté ce qui est aux lignes 9, 10, 11 du\n" in said
    (command, _) = re.findall(r"^ +(openssl ts -verify .*)$", said, re.MULTILINE)
    done = subprocess.run(["sh", "-c", command], cwd=out, capture_output=True, check=False)
    assert (done.returncode, b"Verification: OK" in done.stdout) == (0, True)
    assert run_snippet(out).returncode == 0
    spoil(out, "chain.json", lambda told: told["stamps"][0].update(line=6))
    assert run_snippet(out).returncode != 0


def test_a_stamp_from_before_the_first_version_is_checked_from_there(store, authority, tmp_path):
    url = "https://a.example/new"
    wall = Response(
        url=url, final_url=url, status=403, headers=(), request_headers=(), body=b"no",
        fetched_at=NOON,
    )  # fmt: skip
    keep(
        store,
        make_reading("https://a.example/9"),
        capture=CaptureWriter(store.data, "a").write(wall),
    )
    stamp(store, authority)
    keep(store, make_reading("https://a.example/10"), raw=b"ten")
    kept = keep(store, make_reading(url), raw=b"new")
    stamp(store, authority)
    out = export(store, tmp_path / "out", kept.article_id)
    ledger = json.loads((out / "ledger.json").read_text("utf-8"))
    assert ledger["start"]["line"] < ledger["lines"][0]["line"] - 1
    assert len(list((out / "stamps").glob("*.tsr"))) == 2
    assert run_snippet(out).returncode == 0


def test_a_stamp_that_covers_versions_without_any_capture_is_checked_too(
    store, authority, tmp_path
):
    kept = keep(store, make_reading("https://a.example/feed-text"))
    stamp(store, authority)
    keep(store, make_reading("https://a.example/10"), raw=b"ten")
    out = export(store, tmp_path / "out", kept.article_id)
    assert len(list((out / "stamps").glob("*.tsr"))) == 1
    assert run_snippet(out).returncode == 0


def test_lines_of_rows_that_are_older_than_the_ledger_are_said_to_be_late(store, tmp_path):
    from store.evidence.captures import link
    from store.evidence.ledger import spell_line
    from store.values import sha256

    assert "began to keep one" not in statement(export(store, tmp_path / "out"))
    alter(store, "UPDATE ledger SET late = 1 WHERE id < 4")
    previous = ""
    for line in list(store.database.rows("SELECT * FROM ledger ORDER BY id")):
        previous = link(previous, sha256(spell_line(line)))
        store.database.execute("UPDATE ledger SET chain = ? WHERE id = ?", (previous, line["id"]))
    store.database.execute("UPDATE ledger_head SET chain = ?", (previous,))
    out = export(store, tmp_path / "late")
    assert "in line 2 of the ledger was entered when this\n" in statement(out)
    assert "à la ligne 2 du registre y a été inscrit" in statement(out)
    assert run_snippet(out).returncode == 0
