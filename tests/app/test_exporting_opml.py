"""OPML both ways: nothing is lost, nothing doubled, and a file is for its owner alone."""

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.config_file import add_sources
from app.exporting.opml import write_opml
from crawler.source_lists import read_opml
from model.config import load_config
from model.source import Fetch, Selectors, Source, SourceKind, Watch
from tests.faults.running import call_vigie, write_config

texts = st.text(st.characters(codec="utf-8"), max_size=12)
selectors = st.sampled_from(["", "main > a", 'a[title="é \U0001f600"]', "h1,\t.b"])
sources = st.builds(
    Source,
    url=st.from_regex(
        r"https?://([a-z]{1,8}:[a-z]{1,8}@)?[a-z]{1,8}\.example/[a-z]{0,8}(\?[a-z]=[a-z0-9&]{0,5})?",
        fullmatch=True,
    ),
    name=texts,
    kind=st.sampled_from(SourceKind),
    lang=st.none() | st.sampled_from(["fr", "en", "de", "pt-BR", ""]),
    checked=st.booleans(),
    watch=st.sampled_from(Watch),
    selector=selectors,
    fetch=st.sampled_from(Fetch),
    article=st.builds(Selectors, title=selectors, body=selectors, remove=selectors),
)

HARD = Source(
    url="https://u:p@a.example/feed?token=secret",
    name='L\'été "chaud" <b>\n\t & \x01\uffff',
    kind=SourceKind.PAGE,
    lang="fr",
    checked=False,
    watch=Watch.TEXT,
    selector="main > .news",
    fetch=Fetch.MATCHING,
    article=Selectors(title="h1", body="article", remove=".ad"),
)


@given(st.lists(sources, unique_by=lambda one: one.url.split("//")[1].rstrip("/"), max_size=4))
def test_what_is_exported_is_read_back_the_same(listed: list[Source]) -> None:
    assert read_opml(write_opml(listed).encode()) == tuple(listed)


def test_other_readers_see_the_type_the_title_and_the_address() -> None:
    plain = Source(url="https://a.example/feed", name="Le Courrier", lang="fr")
    outline, nameless = etree.fromstring(
        write_opml([plain, Source(url="https://b.example/f")]).encode()
    ).iter("outline")
    assert dict(outline.attrib) == {
        "type": "rss",
        "text": "Le Courrier",
        "title": "Le Courrier",
        "xmlUrl": "https://a.example/feed",
        "language": "fr",
        "{urn:vigie:opml}source": '{"checked": true}',
    }
    assert nameless.get("text") == "b.example"


def test_an_export_imported_into_an_empty_affair_gives_the_same_sources_once(
    tmp_path: Path,
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for folder in (ours, theirs):
        folder.mkdir()
        write_config(folder)
    listed = (HARD, Source(url="https://b.example/feed", name="B"))
    assert add_sources(ours / "config.toml", listed).sources == 2
    file = tmp_path / "sources.opml"
    exported = call_vigie(ours, "export", "opml", str(file))
    assert (exported.returncode, exported.stdout) == (0, "")
    assert exported.stderr.count("\n") == 1
    assert "readable by you alone" in exported.stderr
    assert "token" not in exported.stderr
    assert file.stat().st_mode & 0o777 == 0o600
    for expected in (2, 0):
        done = call_vigie(theirs, "import", str(file))
        assert f"{expected} new sources" in done.stdout, done.stderr
        assert load_config(theirs / "config.toml").sources == listed


def test_without_a_file_the_list_goes_to_standard_output(tmp_path: Path) -> None:
    add_sources(write_config(tmp_path), [HARD])
    done = call_vigie(tmp_path, "export", "opml")
    assert read_opml(done.stdout.encode()) == (HARD,)
    assert done.stderr == ""


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    write_config(tmp_path)
    done = call_vigie(tmp_path, "export", "opml", str(tmp_path / "none" / "x.opml"))
    assert done.returncode == 2
    assert "none does not exist: make it" in done.stderr


def test_the_file_is_named_with_to_as_for_every_export_but_once(tmp_path: Path) -> None:
    add_sources(write_config(tmp_path), [HARD])
    file = tmp_path / "sources.opml"
    assert call_vigie(tmp_path, "export", "opml", "--to", str(file)).returncode == 0
    assert read_opml(file.read_bytes()) == (HARD,)
    assert call_vigie(tmp_path, "export", "opml", str(file), "--to", str(file)).returncode == 2


def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    add_sources(write_config(tmp_path), [HARD])
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert call_vigie(tmp_path, "export", "opml", str(pipe)).returncode == 0
    assert pipe.is_fifo()
    assert read_opml(os.read(reader, 100_000)) == (HARD,)
    os.close(reader)
