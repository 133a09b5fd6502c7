"""Quotes on an article's page: who speaks, or that nobody is named, and in whose marks."""

from html import unescape

import pytest

from app.cli import main
from model.mention import Quote, Tags
from store import open_store
from tests.held_affair import CONFIG, SEEN, make_reading
from tests.web.test_pages import open_site

TEXT = "« Nous verrons », a dit Anne Roy. Un élu affirme que le port fermera demain."


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("quoted") / "data"
    with open_store(folder) as store:
        kept = store.keep(make_reading(1, "Le port", TEXT), relevant=True, reasons=("x",), now=SEEN)
        quotes = (_quote("Nous verrons", "Anne Roy", "dit"),
                  _quote("le port fermera demain", None, "affirme"))  # fmt: skip
        tags = Tags(lang="fr", quotes=quotes)
        store.save_tags(kept.version_id, tags, (), tagger="t", now=SEEN)
    return folder


def _quote(words, speaker, verb):
    start = TEXT.index(words)
    return Quote(start=start, end=start + len(words), text=words, speaker=speaker, verb=verb)


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("fr", ["Anne Roy", "« Nous verrons »", "auteur non nommé"]),
        ("en", ["Anne Roy", "“Nous verrons”", "speaker not named"]),
    ],
)
def test_direct_words_stand_in_the_page_s_marks_and_an_open_speaker_is_told(data, lang, shown):
    with open_site(data) as site:
        page = unescape(site.get("/article/1", params={"lang": lang}).text)
    assert all(words in page for words in shown)
    assert ">le port fermera demain<" in page


def test_the_command_shows_who_speaks_by_which_verb(data, capsys):
    config = data.parent / "config.toml"
    config.write_text(CONFIG, encoding="utf-8")
    with pytest.raises(SystemExit):
        main(args=["--config", str(config), "show", "1"])
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "Anne Roy (dit) “Nous verrons”" in lines
    assert "not named (affirme) le port fermera demain" in lines
