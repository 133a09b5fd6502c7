"""Sources written into a configuration: comments kept, nothing doubled, nothing half written."""

from pathlib import Path

import pytest

from app.config_file import add_sources
from model.config import load_config
from model.errors import ConfigError
from model.source import Source, SourceKind

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
    """Return a source at an address."""
    return Source(url=url, name="Name", kind=SourceKind.FEED, lang="fr")


def test_new_sources_are_added_unchecked_and_comments_stay(config: Path) -> None:
    assert add_sources(config, [source("https://b.example/feed")]) == 1
    text = config.read_text(encoding="utf-8")
    assert text.startswith(WRITTEN.rstrip())
    added = load_config(config).sources[1]
    assert (added.url, added.lang, added.checked) == ("https://b.example/feed", "fr", False)


def test_a_source_that_is_known_or_listed_twice_is_added_once(config: Path) -> None:
    listed = ["https://a.example/feed", "https://b.example/feed", "https://b.example/feed"]
    assert add_sources(config, [source(url) for url in listed]) == 1
    assert add_sources(config, [source(url) for url in listed]) == 0
    assert len(load_config(config).sources) == 2


def test_the_file_keeps_its_rights(config: Path) -> None:
    add_sources(config, [source("https://b.example/feed")])
    assert config.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in config.parent.iterdir()] == ["config.toml"]


def test_sources_written_as_a_list_are_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    text = 'sources = [{ url = "https://a.example/f" }]\n[affair]\nname = "x"\nmatch = "x"\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"\[\[sources\]\]"):
        add_sources(path, [source("https://b.example/feed")])
    assert path.read_text(encoding="utf-8") == text
