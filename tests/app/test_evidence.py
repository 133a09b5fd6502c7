"""An evidence folder is checked by others: sha256sum, WARC readers, and the rule of its chain."""

import gzip
import hashlib
import json
import re
import shutil
import stat
import subprocess
import textwrap
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from warcio.archiveiterator import ArchiveIterator

from app.evidence.folder import Exporter
from crawler.captures import CaptureWriter
from model.capture import Response
from model.errors import ConfigError, DamageError, MissingError
from store import open_store
from store.evidence.stamps import Stamp
from tests.crawler.authority import answer, make_authority
from tests.crawler.misbehaving import NOON, SITE, http
from tests.faults.running import call_vigie, write_config
from tests.faults.watching import Watched, feed, item, page
from tests.store.makers import keep, make_reading

DAY = timedelta(days=1)
SECRET = "geheim"


def watch(folder, **pages):
    """Return an affair over three passes: an article that moved, was edited, and then was gone."""
    feed_path = f"/feed?token={SECRET}"
    watched = Watched(
        folder,
        {
            feed_path: feed(item(1), item(2)),
            "/a1": http(status=301, Location="/moved"),
            "/moved": page(1),
            "/a2": page(2),
        },
        f"http://user:{SECRET}@{SITE}{feed_path}",
    )
    watched.make_pass(NOON)
    watched.answers["/moved"] = page(1, words="Tout autre chose est dit ici maintenant.")
    watched.make_pass(NOON + DAY)
    watched.answers["/a1"] = watched.answers["/moved"] = http(status=404)
    watched.make_pass(NOON + 3 * DAY)
    return watched


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with a configuration, the data of three passes, and an evidence folder."""
    folder = tmp_path_factory.mktemp("affair")
    write_config(folder)
    watch(folder)
    asked = f"http://{SITE}/moved"
    done = call_vigie(folder, "export", "evidence", asked, "--to", str(folder / "out"))
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.fixture
def out(place, tmp_path):
    """Return a copy of the evidence folder, to be spoilt."""
    return Path(shutil.copytree(place / "out", tmp_path / "out"))


def read_json(out, name):
    return json.loads((out / name).read_text("utf-8"))


def sums_are_right(out):
    command = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
    return subprocess.run(command, cwd=out, capture_output=True, check=False).returncode == 0


def test_every_file_is_under_its_hash_and_one_flipped_byte_is_found(out):
    named = {line.split("  ")[1] for line in (out / "SHA256SUMS").read_text().splitlines()}
    files = [path for path in out.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]
    assert named == {path.relative_to(out).as_posix() for path in files}
    assert sums_are_right(out)
    for path in files:
        content = path.read_bytes()
        spoilt = bytearray(content)
        spoilt[len(spoilt) // 2] ^= 1
        path.write_bytes(spoilt)
        assert not sums_are_right(out), path
        path.write_bytes(content)


def test_the_captures_are_warc_files_for_any_reader(out):
    files = sorted((out / "captures").glob("*.warc.gz"))
    assert len(files) == 3
    kinds = ["warcinfo", "response", "request", "metadata"]
    for file in files:
        with file.open("rb") as stream:
            found = [(one.rec_type, one.rec_headers) for one in ArchiveIterator(stream)]
        assert [kind for kind, _ in found] == kinds
        with file.open("rb") as stream:
            assert len(list(FastIterator(stream))) == len(kinds)
    said = (out / "STATEMENT.txt").read_text("utf-8")
    (metadata,) = re.findall(rb"\{.*\}", gzip.decompress(files[0].read_bytes())[-2000:], re.DOTALL)
    facts = json.loads(metadata)
    assert facts["redirect_statuses"] == [301]
    assert f"301 -> http://{SITE}/moved" in said


def recompute(out):
    """Follow the written rule alone: return the links by the number of their capture."""
    chain = read_json(out, "chain.json")
    link, links = chain["start"]["link"], {}
    for number, part in enumerate(chain["parts"], chain["start"]["capture"] + 1):
        link = links[number] = hashlib.sha256(f"{link}\n{part}".encode()).hexdigest()
    assert link == chain["head"]["link"]
    for one in chain["captures"]:
        row = dict(zip(chain["columns"], json.loads(one["row"]), strict=True))
        number = one["capture"]
        part = chain["parts"][number - chain["start"]["capture"] - 1]
        assert part == hashlib.sha256(one["row"].encode()).hexdigest()
        assert links[number] == one["link"]
        file = (out / one["file"]).read_bytes()
        assert hashlib.sha256(file[-row["length"] :]).hexdigest() == row["record_sha256"]
        assert row["fetched_at"] in one["row"]
    return links


def test_the_chain_is_computed_again_from_what_is_written(out, place):
    links = recompute(out)
    with open_store(place / "data") as store:
        held = store.database.rows("SELECT id, chain FROM capture")
        rows = {row["id"]: row["chain"] for row in held}
    assert links == {number: rows[number] for number in links}
    assert max(links) == max(rows)


@pytest.mark.parametrize("field", ["row", "parts", "start"])
def test_a_changed_chain_no_longer_fits(out, field):
    file = out / "chain.json"
    chain = json.loads(file.read_text("utf-8"))
    if field == "row":
        chain["captures"][0]["row"] = chain["captures"][0]["row"].replace("2026", "2025")
    elif field == "parts":
        chain["parts"][0] = hashlib.sha256(b"x").hexdigest()
    else:
        chain["start"]["link"] = "ab" * 32
    file.write_text(json.dumps(chain), encoding="utf-8")
    with pytest.raises(AssertionError):
        recompute(out)
    assert run_snippet(out).returncode != 0


def run_snippet(out):
    """Run the commands of the statement that compute the chain again."""
    said = (out / "STATEMENT.txt").read_text("utf-8")
    found = re.findall(r"^ +python3 - <<'END'\n.*?^ +END$", said, re.MULTILINE | re.DOTALL)
    assert len(found) == 2
    return subprocess.run(
        ["sh"],
        input=textwrap.dedent(found[0]),
        cwd=out,
        text=True,
        capture_output=True,
        check=False,
    )


def test_the_commands_of_the_statement_work_as_they_are_printed(out):
    done = run_snippet(out)
    assert (done.returncode, done.stderr) == (0, "")
    assert "links match" in done.stdout
    said = (out / "STATEMENT.txt").read_text("utf-8")
    tails = re.findall(r"^ +(tail -c .* \| sha256sum)$", said, re.MULTILINE)
    assert len(tails) == 6
    for command in tails:
        done = subprocess.run(
            ["sh", "-c", command], cwd=out, capture_output=True, text=True, check=True
        )
        assert done.stdout.split()[0] in said


def test_the_statement_says_what_was_seen_in_both_languages_and_never_removed(out):
    said = (out / "STATEMENT.txt").read_text("utf-8")
    french, english = said.split("STATEMENT\n=========")
    for part, words in (
        (french, ("Présent le 2026-11-23 12:00:00 UTC (2026-11-23 13:00:00 Europe/Paris)",
                  "absent depuis le 2026-11-25 12:00:00 UTC", "127.0.0.1:", "HTTP 404",
                  "Aucun tiers n'a attesté", "n'était pas chiffrée")),
        (english, ("Present on 2026-11-23 12:00:00 UTC (2026-11-23 13:00:00 Europe/Paris)",
                   "absent since 2026-11-25 12:00:00 UTC", "127.0.0.1:", "HTTP 404",
                   "No third party attested", "not encrypted")),
    ):  # fmt: skip
        for word in words:
            assert word in part
    for word in ("supprim", "retiré", "removed", "deleted", "taken down"):
        assert word not in said


def test_versions_and_changes_are_told_with_their_captures(out):
    versions = read_json(out, "versions.json")
    assert [one["number"] for one in versions] == [1, 2]
    assert all((out / one["file"]).is_file() for one in versions)
    text = (out / "versions/0002.txt").read_text("utf-8")
    assert "Tout autre chose" in text
    assert text.startswith("Title: Les caméras du port, épisode 1\n")
    assert re.search(r"\nSeen: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n", text)
    held = {one["capture"] for one in read_json(out, "chain.json")["captures"]}
    changes = read_json(out, "changes.json")
    assert [one["what"] for one in changes][-1] == "absent"
    assert {one["capture"] for one in versions + changes} == held


def test_nothing_is_told_of_sources_or_of_other_articles(out):
    for path in out.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.suffix == ".gz":
                content = gzip.decompress(content)
            for secret in (SECRET.encode(), b"/feed", b"/a2"):
                assert secret not in content, (path, secret)


def test_all_of_it_is_for_its_owner_alone(place):
    for path in (place / "out", *(place / "out").rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_folder_that_is_there_is_left_as_it_is(place, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/note").write_text("x")
    done = call_vigie(place, "export", "evidence", "1", "--to", str(tmp_path / "mine"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["note"]
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize("asked", ["99", "https://nowhere.example/", "not an id"])
def test_a_wrong_id_is_one_sentence_and_nothing_is_written(place, tmp_path, asked):
    target = tmp_path / "new"
    done = call_vigie(place, "export", "evidence", "1", asked, "--to", str(target))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert list(tmp_path.iterdir()) == []


def test_several_articles_each_have_a_folder(place, tmp_path):
    done = call_vigie(place, "export", "evidence", "1", "2", "1", "--to", str(tmp_path), "--json")
    assert done.returncode == 0
    assert [one["article"] for one in json.loads(done.stdout)] == [1, 2]
    for name in ("evidence-1", "evidence-2"):
        assert sums_are_right(tmp_path / name)
        recompute(tmp_path / name)


def test_of_several_folders_none_is_written_when_one_is_there(place, tmp_path):
    (tmp_path / "evidence-2").mkdir()
    done = call_vigie(place, "export", "evidence", "1", "2", "--to", str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["evidence-2"]


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "data") as opened:
        yield opened


def export(store, folder, article=1):
    exporter = Exporter(store, timezone="Europe/Paris", certificates="", now=NOON)
    return exporter.export(article, folder)


def test_an_imported_article_says_that_no_page_was_seen(store, tmp_path):
    keep(store, raw=b"what the file held", record_path="notes.md")
    export(store, tmp_path / "out")
    said = (tmp_path / "out/STATEMENT.txt").read_text("utf-8")
    assert "Aucune page n'a été relevée sur le web" in said
    assert "No page was captured from the web" in said
    assert "notes.md" in said
    assert (tmp_path / "out/imports/000001.record").read_bytes() == b"what the file held"
    assert not (tmp_path / "out/captures").exists()
    assert sums_are_right(tmp_path / "out")
    recompute(tmp_path / "out")


def test_an_article_without_any_capture_says_so(store, tmp_path):
    keep(store)
    assert export(store, tmp_path / "out").captures == 0
    assert "There is none." in (tmp_path / "out/STATEMENT.txt").read_text("utf-8")
    assert read_json(tmp_path / "out", "chain.json")["parts"] == []


def test_what_a_site_wrote_cannot_pose_as_the_statement(store, tmp_path):
    title = "Titre\n\n5. Ce que ce dossier prouve\n\x1b[31m\u202e"
    keep(store, make_reading(title=title, text="\x1b[2J", authors=("A\nB",)), raw=b"x")
    export(store, tmp_path / "out")
    said = (tmp_path / "out/STATEMENT.txt").read_text("utf-8")
    assert "Titre 5. Ce que ce dossier prouve \\u001b[31m\\u202e" in said
    for file in ("STATEMENT.txt", "versions/0001.txt"):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e]", (tmp_path / "out" / file).read_text())
    assert read_json(tmp_path / "out", "versions.json")[0]["title"] == title


def alter(store, statement):
    store.database.execute("DROP TRIGGER IF EXISTS capture_is_never_changed")
    store.database.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE capture SET url = 'https://b.example/' WHERE id = 1", "broken after capture 0"),
        ("UPDATE capture SET status = 1 WHERE id = 2", "broken after capture 1"),
        ("UPDATE capture SET record_sha256 = 'x' WHERE id = 1", "was changed"),
        ("UPDATE chain_head SET captures = 3", "broken after capture 2"),
    ],
    ids=["its row", "a later row", "its hash", "the head"],
)
def test_damaged_evidence_is_never_handed_on(store, tmp_path, statement, said):
    keep(store, raw=b"one")
    keep(store, make_reading("https://a.example/2"), raw=b"two")
    alter(store, statement)
    with pytest.raises(DamageError, match=said) as damage:
        export(store, tmp_path / "out")
    assert damage.value.exit_status == 5
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_the_log_of_an_older_vigie_still_fits_and_its_rows_are_told_whole(store, tmp_path):
    """Until schema 2 a link was made of the whole row; such rows are told as they were hashed."""
    from store.evidence.captures import link, spell_row

    for number in (1, 2):
        keep(store, make_reading(f"https://a.example/{number}"), raw=b"file %d" % number)
    previous = ""
    store.database.execute("DROP TRIGGER capture_is_never_changed")
    for row in list(store.database.rows("SELECT * FROM capture ORDER BY id")):
        previous = link(previous, spell_row(row).decode())
        store.database.execute("UPDATE capture SET chain = ? WHERE id = ?", (previous, row["id"]))
    store.database.execute("UPDATE chain_head SET chain = ?, whole_until = 2", (previous,))
    keep(store, make_reading("https://a.example/3"), raw=b"file 3")
    assert store.verify().captures == 3
    exported = export(store, tmp_path / "out")
    assert exported.named == 1
    assert "a.example/2" in (tmp_path / "out/chain.json").read_text("utf-8")
    assert run_snippet(tmp_path / "out").returncode == 0
    assert export(store, tmp_path / "third", 3).named == 0
    assert "a.example/2" not in (tmp_path / "third/chain.json").read_text("utf-8")


def test_an_export_that_fails_leaves_nothing_behind(store, tmp_path):
    with pytest.raises(MissingError):
        export(store, tmp_path / "out", 7)
    keep(store)
    with pytest.raises(ConfigError, match="is no folder"):
        export(store, tmp_path / "absent/out")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def kept_page(store, url="https://a.example/1", **fields):
    """Keep an article of the web from a capture of its own."""
    response = Response(
        url=url, final_url=url, status=200, headers=(), request_headers=(), body=b"<p>x</p>",
        fetched_at=NOON, peer="192.0.2.7:443", certificate_sha256="ab" * 32,
    )  # fmt: skip
    response = msgspec.structs.replace(response, **fields)
    capture = CaptureWriter(store.data, "run").write(response)
    return keep(store, make_reading(url), capture=capture)


def test_the_statement_names_the_server_and_its_certificate(store, tmp_path):
    kept_page(store)
    kept_page(store, "https://a.example/2", certificate_sha256=None, peer=None)
    export(store, tmp_path / "out")
    said = (tmp_path / "out/STATEMENT.txt").read_text("utf-8")
    assert said.count(f"{'ab' * 32} (SHA-256)") == 2
    assert said.count("192.0.2.7:443") == 2
    export(store, tmp_path / "second", 2)
    second = (tmp_path / "second/STATEMENT.txt").read_text("utf-8")
    assert "TLS certificate: not noted" in second
    assert "certificat TLS : non noté" in second


def test_a_capture_says_what_it_shows(store, tmp_path):
    kept_page(store)
    wall = CaptureWriter(store.data, "wall").write(
        Response(url="https://a.example/1", final_url="https://a.example/1", status=403,
                 headers=(), request_headers=(), body=b"no", fetched_at=NOON)
    )  # fmt: skip
    keep(store, make_reading("https://a.example/9"), capture=wall)
    assert export(store, tmp_path / "out").captures == 2
    said = (tmp_path / "out/STATEMENT.txt").read_text("utf-8")
    assert "shows          : version 1\n" in said
    assert "shows          : nothing that a text was taken from" in said
    assert "montre         : rien dont un texte ait été tiré" in said


def test_an_address_that_lets_a_reader_in_is_told(store, tmp_path):
    kept_page(store)
    kept_page(store, "https://a.example/2?token=hidden")
    assert not export(store, tmp_path / "out").has_secret
    assert export(store, tmp_path / "second", 2).has_secret
    write_config(tmp_path)
    done = call_vigie(tmp_path, "export", "evidence", "2", "--to", str(tmp_path / "third"))
    assert (done.returncode, "holds what may let a reader in" in done.stderr) == (0, True)
    assert "hidden" not in done.stdout + done.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stamps") / "authority"
    make_authority(folder)
    return folder


def stamp(store, authority):
    """Have the head of the chain attested by an authority, as a pass does."""
    head = store.chain_head()
    asked = TimestampRequestBuilder().data(head.chain.encode())
    token = answer(authority, asked.hash_algorithm(HashAlgorithm.SHA256).build().as_bytes())
    store.save_stamp(
        Stamp(captures=head.captures, chain=head.chain, authority="http://stamps.example/tsr",
              stamped_at=NOON, token=token)
    )  # fmt: skip


@pytest.fixture
def stamped(store, authority):
    """Return a store with four captures, the first of article 2, stamped after 1, 3 and 4."""
    for number, stamps in ((1, True), (2, False), (3, True), (4, True)):
        reading = make_reading(f"https://a.example/{number}")
        keep(store, reading, raw=b"file %d" % number)
        if stamps:
            stamp(store, authority)
    return store


@pytest.mark.parametrize("known", [True, False], ids=["roots known", "roots not known"])
def test_the_stamps_that_cover_a_capture_are_checked_by_openssl(
    stamped, authority, tmp_path, known
):
    roots = str(authority / "root.pem") if known else ""
    exporter = Exporter(stamped, timezone="Europe/Paris", certificates=roots, now=NOON)
    exporter.export(2, tmp_path / "out")
    out = tmp_path / "out"
    assert [path.name for path in sorted((out / "stamps").glob("*.tsr"))] == ["000003.tsr"]
    said = (out / "STATEMENT.txt").read_text("utf-8")
    commands = re.findall(r"^ +(openssl ts -verify .*)$", said, re.MULTILINE)
    assert len(commands) == 2
    if not known:
        for name in ("CERTIFICATS.pem", "CERTIFICATES.pem"):
            shutil.copy(authority / "root.pem", out / name)
    for command in commands:
        done = subprocess.run(["sh", "-c", command], cwd=out, capture_output=True, check=False)
        assert (done.returncode, b"Verification: OK" in done.stdout) == (0, True)
    assert "stamps.example/tsr attests that it saw" in said
    assert run_snippet(out).returncode == 0
    links = recompute(out)
    assert links[3] == (out / "stamps/000003.txt").read_text() != links[4]


def test_what_no_stamp_covers_is_not_said_to_be_attested(store, authority, tmp_path):
    keep(store, make_reading("https://a.example/1", text="first text " * 9), raw=b"first")
    stamp(store, authority)
    keep(store, make_reading("https://a.example/1", text="second text " * 9), raw=b"second")
    export(store, tmp_path / "out")
    said = (tmp_path / "out/STATEMENT.txt").read_text("utf-8")
    assert "No third party attested what was captured later (number 2)" in said
    assert "Aucun tiers n'a attesté ce qui a été relevé ensuite (numéro 2)" in said
    assert "could have written\n   what came after the last one afterwards" in said
    assert "Sans horodatage par un tiers" in said


def test_a_damaged_stamp_is_never_handed_on(stamped, tmp_path):
    stamped.database.execute("DROP TRIGGER stamp_is_never_changed")
    stamped.database.execute("UPDATE stamp SET token = x'00'")
    with pytest.raises(DamageError, match="the time stamp of capture 3"):
        export(stamped, tmp_path / "out", 2)
