"""Sources written into a configuration: comments kept, nothing doubled, nothing half written."""

from pathlib import Path

import msgspec
import pytest

from app.config_file import Added, add_sources, find_source
from app.workplace import SHIPPED_CONFIG, Workplace
from model.config import load_config
from model.errors import ConfigError
from model.source import Fetch, Selectors, Source, SourceKind, Watch

WRITTEN = """\
# Ours.
[affair]
name = "Harbour"  # what it is called
match = "harbour"

[[sources]]
url = "https://a.example/feed"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(WRITTEN, encoding="utf-8")
    path.chmod(0o600)
    return path


def source(url: str) -> Source:
    """Return a source at an address, nobody having seen it answer."""
    return Source(url=url, name="Name", kind=SourceKind.FEED, lang="fr", checked=False)


FULL = Source(
    url="https://u:p@b.example/feed?token=x",
    name='L\'"été"\n\x01',
    kind=SourceKind.PAGE,
    lang="fr",
    checked=False,
    watch=Watch.TEXT,
    selector="main > a",
    fetch=Fetch.MATCHING,
    article=Selectors(body="article", remove=".ad"),
)


@pytest.mark.parametrize("new", [source("https://b.example/feed"), FULL], ids=["plain", "full"])
def test_what_is_added_is_read_back_the_same_and_comments_stay(config: Path, new: Source) -> None:
    before = load_config(config).sources
    assert add_sources(config, [new]).sources == 1
    text = config.read_text(encoding="utf-8")
    assert text.startswith(WRITTEN.rstrip())
    assert load_config(config).sources == (*before, new)


FOLLOWED = """\
[affair]
name = "Harbour"
match = "harbour"

[[sources]]
url = "https://a.example/feed"  # the first
[sources.article]
body = "main"

# --- Who is written to.

[[digests]]
name = "daily"
"""


def test_a_comment_that_introduces_what_follows_stays_with_it(config: Path) -> None:
    config.write_text(FOLLOWED, encoding="utf-8")
    add_sources(config, [source("https://b.example/feed"), source("https://c.example/feed")])
    text = config.read_text(encoding="utf-8")
    start, end = FOLLOWED.split("# ---")
    assert text.startswith(start)
    assert text.endswith(f"\n\n# ---{end}")
    assert [one.url[8] for one in load_config(config).sources] == ["a", "b", "c"]


def test_the_shipped_configuration_only_grows(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    shipped = SHIPPED_CONFIG.read_text(encoding="utf-8")
    path.write_text(shipped, encoding="utf-8")
    add_sources(path, [FULL])
    text = path.read_text(encoding="utf-8")
    before, _, after = text.rpartition("[[sources]]\n")
    block, _, rest = after.partition("\n\n")
    assert before + rest == shipped
    assert block.count("\n") == len(FULL.__struct_fields__) - 1


def test_a_source_is_found_however_its_address_is_spelt(config: Path) -> None:
    add_sources(config, [source("https://b.example/feed")])
    place = find_source(config, "http://www.b.example/feed/?utm_source=x")
    assert place is not None
    assert (place.source.name, place.number) == ("Name", 2)
    lines = config.read_text(encoding="utf-8").splitlines()
    assert place.line is not None
    assert lines[place.line - 1] == "[[sources]]"
    assert find_source(config, "https://b.example/other") is None


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('selector = "main > a["', "sources.1.selector"),
        ('selector = "a::text"', "sources.1.selector"),
        ('article = { body = "$$" }', "sources.1.article.body"),
    ],
    ids=["cut", "a pseudo-element", "of an article"],
)
def test_a_selector_that_cannot_be_read_is_refused_with_its_line(
    config: Path, line: str, key: str
) -> None:
    config.write_text(f"{WRITTEN}{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        Workplace.at(config, None).config()
    assert str(caught.value).startswith(f"{config}, line 8: {key}: ")
    assert "no CSS selector" in str(caught.value)


def test_nothing_is_written_that_could_not_be_read_again(config: Path) -> None:
    bad = msgspec.structs.replace(FULL, selector="a[")
    with pytest.raises(ConfigError, match="no CSS selector"):
        add_sources(config, [bad])
    assert config.read_text(encoding="utf-8") == WRITTEN


def test_a_source_that_is_known_or_listed_twice_is_added_once(config: Path) -> None:
    listed = ["http://a.example/feed/", "https://b.example/feed", "https://www.b.example/feed/"]
    assert add_sources(config, [source(url) for url in listed]).sources == 1
    assert add_sources(config, [source(url) for url in listed]).sources == 0
    assert len(load_config(config).sources) == 2


def test_the_file_keeps_its_rights(config: Path) -> None:
    add_sources(config, [source("https://b.example/feed")])
    assert config.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in config.parent.iterdir()] == ["config.toml"]


RIGHTS = {
    "a login, read by all": ("https://u:p@b.example/feed", 0o644, 0o600),
    "a login, read by a group": ("https://u:p@b.example/feed", 0o640, 0o600),
    "a token, read by all": ("https://b.example/feed?token=x", 0o644, 0o600),
    "a login, read by you": ("https://u:p@b.example/feed", 0o600, 0o600),
    "a login, you only read": ("https://u:p@b.example/feed", 0o400, 0o400),
    "no login, read by all": ("https://b.example/feed", 0o664, 0o664),
}


@pytest.mark.parametrize(("url", "before", "after"), RIGHTS.values(), ids=list(RIGHTS))
def test_a_file_that_is_given_a_login_is_closed_to_others(
    config: Path, url: str, before: int, after: int
) -> None:
    config.chmod(before)
    added = add_sources(config, [source(url)])
    assert config.stat().st_mode & 0o777 == after
    assert added == Added(sources=1, is_closed=before != after)


def test_a_link_to_a_file_stays_one(config: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "config.toml"
    link.parent.mkdir()
    link.symlink_to(config)
    add_sources(link, [source("https://b.example/feed")])
    assert link.is_symlink()
    assert len(load_config(config).sources) == 2


def test_sources_written_as_a_list_are_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    text = 'sources = [{ url = "https://a.example/f" }]\n[affair]\nname = "x"\nmatch = "x"\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[\[sources\]\]"):
        add_sources(path, [source("https://b.example/feed")])
    assert path.read_text(encoding="utf-8") == text
