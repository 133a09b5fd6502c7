"""What changed between two versions: which versions, aligned how, and as a page."""

import json
import random
import re
import shutil
import struct
import subprocess
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import comparing
from app.anchoring import split_at_anchors
from app.comparing import Op, compare_texts
from app.diff_pages import render_difference
from app.differences import choose_version, compare_versions
from model.article import ArticleId, Reading, Version
from model.errors import ConfigError
from store import open_store, versions
from store.versions import VersionTime
from tests.cost import cheapest_s
from tests.faults.running import call_vigie
from tests.held_affair import CONFIG
from tests.store.makers import NOON, keep, make_reading

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
HOSTILE = '</p></style><script>alert(1)</script>{{7*7}}" onclick=x \x1b[31m\u202eton & fin'
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


def make_version(number, text, title="Un titre", **fields):
    url = fields.pop("url", "https://gazette.example/1")
    reading = Reading(url=url, canonical_url=url, title=title, text=text, **fields)
    seen_at = NOW + timedelta(days=number)
    return Version(
        id=number, article_id=ArticleId(12), number=number, seen_at=seen_at, reading=reading
    )


def render(before, after, language="fr", affair="Le port"):
    return render_difference(
        compare_versions(before, after), after.reading,
        affair=affair, timezone="Europe/Paris", language=language, now=NOW,
    )  # fmt: skip


BEFORE = make_version(
    1, "Premier.\nSecond.\nLe port ne dit rien.\nDernier.", authors=("A. Roy",), lang="fr",
    published_at=NOW,
)  # fmt: skip
AFTER = make_version(
    2, "Premier.\nSecond.\nLe port refuse de répondre.\nDernier.", "Un autre titre",
    authors=("A. Roy", "B. Lu"), lang="fr", published_at=NOW + timedelta(hours=1),
)  # fmt: skip


class Elements(HTMLParser):
    """The elements of a page and the text in each kind."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.inside, self._open = [], [], {}, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in {"meta", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, "elements are closed where they stand"

    def handle_data(self, data):
        for tag in self._open:
            self.inside[tag] = self.inside.get(tag, "") + data


# --- the page


def test_parts_stand_apart_and_signs_mark_what_went_and_came():
    page = render(BEFORE, AFTER)
    found = Elements(page)
    for heading in ("Titre", "Signature", "Date de publication", "Texte"):
        assert f"<h2>{heading}</h2>" in page
    assert "[−ne dit rien−]" in found.inside["del"]
    assert "{+refuse de répondre+}" in found.inside["ins"]
    assert "{+, B. Lu+}" in found.inside["ins"]
    assert "23 novembre 2026, 10:00" in found.inside["del"]
    assert "2 paragraphes inchangés" in page
    assert "1 paragraphe inchangé" in page
    assert found.tags.count("details") == 2


def test_the_page_speaks_english_too():
    page = render(BEFORE, AFTER, "en")
    assert '<html lang="en">' in page
    assert "edited: headline, text, byline" in page
    assert "2 paragraphs unchanged" in page


def test_the_same_texts_are_said_to_be_the_same():
    page = render(BEFORE, BEFORE)
    assert "Le texte est le même dans les deux versions." in page
    assert Elements(page).tags.count("del") == 1, "the legend alone"


def test_a_version_beside_itself_is_said_to_be_one():
    assert "une seule et même version" in render(BEFORE, BEFORE)
    assert "sinon des virgules" not in render(BEFORE, BEFORE)


def test_hostile_text_stays_text_and_the_page_forbids_the_rest():
    before = make_version(1, HOSTILE, HOSTILE, authors=(HOSTILE,), url="javascript:alert(1)")
    after = make_version(2, HOSTILE * 2, HOSTILE, authors=(), lang='"><script>', url="data:,x")
    page = render(before, after, affair=HOSTILE)
    found = Elements(page)
    assert not {"script", "img", "iframe", "a"} & set(found.tags)
    assert "onclick" not in found.attributes
    assert {"\x1b", "\u202e"}.isdisjoint(page)
    assert "{{7*7}}" in unescape(page)
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


@pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")
@pytest.mark.timeout(100)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_fits_a_screen_and_keeps_its_style_under_its_own_policy(tmp_path, width):
    word = "Donaudampfschiff" * 30
    long = make_version(
        2, f"Premier.\n{word}", word, authors=(word,), url=f"https://x.example/{word}"
    )
    (tmp_path / "page.html").write_text(render(BEFORE, long, affair=word), encoding="utf-8")
    frame = f'<body style="margin:0"><iframe id="f" width="{width}" height="600" src="page.html">'
    script = """<script>onload = () => {
        const page = f.contentDocument, root = page.documentElement;
        const size = getComputedStyle(page.body).fontSize;
        document.title = [root.clientWidth, root.scrollWidth, size].join(":");
    }</script>"""
    (tmp_path / "frame.html").write_text(frame + "</iframe>" + script, encoding="utf-8")
    done = subprocess.run(
        [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-background-networking", "--hide-scrollbars", "--allow-file-access-from-files",
         f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1400,900",
         f"--screenshot={tmp_path / 'page.png'}", "--dump-dom", f"file://{tmp_path}/frame.html"],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    found = re.search(r"<title>(\d+):(\d+):(\w+)</title>", done.stdout)
    assert found, done.stdout[:500]
    assert found[1] == found[2], "no wider than the screen"
    assert found[3] == "17px", "the style is let in by its hash"
    assert struct.unpack(">I", (tmp_path / "page.png").read_bytes()[16:20]) == (1400,)


# --- which versions

VERSIONS = tuple(
    VersionTime(id=one.id, number=one.number, seen_at=one.seen_at)
    for one in (make_version(number, f"Texte {number}.") for number in (1, 2, 3))
)


@pytest.mark.parametrize(
    ("typed", "option", "number"),
    [
        ("2", "--from", 2),
        ("2026-11-25", "--from", 1),
        ("2026-11-25", "--to", 2),
        ("2026-11-25T10:00", "--from", 2),
        ("2026-11-25T09:59", "--to", 1),
        ("2026-11-24", "--from", 1),
        ("2026", "--from", 1),
        ("2027", "--to", 3),
    ],
)
def test_a_version_is_named_by_its_number_or_a_moment_at_which_it_stood(typed, option, number):
    assert choose_version(VERSIONS, typed, option, now=NOW, zone=PARIS).number == number


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("7", "this article has 3 versions"),
        ("2026-11-23", "nothing was held of this article before 2026-11-24 10:00"),
        ("demain", "give a version's number, or a moment"),
        ("", "give a version's number, or a moment"),
    ],
)
def test_a_version_that_is_not_there_is_told_in_a_sentence(typed, said):
    with pytest.raises(ConfigError, match=said):
        choose_version(VERSIONS, typed, "--to", now=NOW, zone=PARIS)


# --- aligned


def test_an_edited_paragraph_stands_beside_itself_among_new_ones():
    before = "La commission ouvre un contrôle mardi.\nLe maire se tait."
    after = (
        "Mise à jour du soir.\nLa commission ouvre un contrôle mercredi.\nLe maire se tait encore."
    )
    (block,) = compare_texts(before, after)
    assert [(piece.op, piece.text) for piece in block.pieces] == [
        (Op.NEW, "Mise à jour du soir.\n"),
        (Op.SAME, "La commission ouvre un contrôle "),
        (Op.GONE, "mardi"),
        (Op.NEW, "mercredi"),
        (Op.SAME, ".\nLe maire se tait"),
        (Op.NEW, " encore"),
        (Op.SAME, "."),
    ]


LINE = " ".join(f"mot{n * 7 % 20_000}" for n in range(140_000))
TEXTS = {
    "one line of a megabyte, a third changed": (LINE, LINE.replace("mot1", "autre")),
    "one line of a megabyte, another one": (LINE, " ".join(reversed(LINE.split()))),
    "one word a million times": ("a " * 500_000, "a b " * 250_000),
    "three thousand lines, each edited": (
        "\n".join(f"Ligne {n} : {'x y ' * 12}{n * 3}" for n in range(3_000)),
        "\n".join(f"Ligne {n} ; {'x z ' * 12}{n * 5}" for n in range(3_000)),
    ),
    "every second line edited": (
        "\n".join(f"même {n}" if n % 2 else f"avant {n} {'x y ' * 50}" for n in range(6_000)),
        "\n".join(f"même {n}" if n % 2 else f"après {n} {'x y ' * 50}" for n in range(6_000)),
    ),
}


def share_told(texts):
    """Return which share of two texts is said to have gone or come."""
    pieces = [piece for block in compare_texts(*texts) for piece in block.pieces]
    told = sum(len(piece.text) for piece in pieces if piece.op is not Op.SAME)
    return told / sum(map(len, texts))


WORDS = random.Random(5).choices([f"mot{n}" for n in range(20_000)], k=120_000)  # noqa: S311 - words
LONG = [" ".join(WORDS[at : at + 40]) for at in range(0, len(WORDS), 40)]
EDITED_LONG = [f"{line} ajout" for line in LONG]


@pytest.mark.parametrize(
    ("texts", "most"),
    [
        (("\n".join(LONG), "\n".join(EDITED_LONG)), 0.1),
        (("\n".join(LONG), "\n".join(f"{x}\n{x} ajout" for x in LONG)), 0.4),
        (("\n".join(LONG), "\n".join([*EDITED_LONG[:1_000:2], *LONG[1_000:]])), 0.4),
        ((" ".join(LONG), " ".join(EDITED_LONG)), 0.1),
    ],
    ids=["each paragraph edited", "each doubled", "the first third thinned", "in one line"],
)
def test_fault_48_a_long_text_with_many_edits_is_still_told_word_by_word(texts, most):
    assert share_told(texts) < most


@given(st.text("ab\n c", max_size=60), st.text("ab\n c", max_size=60), st.integers(1, 3))
def test_parts_between_anchors_are_the_whole_and_every_second_is_the_same(before, after, run):
    parts = list(split_at_anchors(before, after, run))
    assert "".join(one for one, _ in parts) == before
    assert "".join(other for _, other in parts) == after
    assert all(one == other for one, other in parts[1::2])
    assert len(parts) % 2


@given(
    st.lists(st.sampled_from(["un", "deux mots", "trois, quatre"]), max_size=30),
    st.lists(st.sampled_from(["un", "deux mots", "trois; quatre", "cinq"]), max_size=30),
)
def test_texts_that_are_anchored_can_be_read_from_their_difference(before, after):
    texts = "\n".join(before), "\n".join(after)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparing, "ANCHORED", 0)
        blocks = compare_texts(*texts)
    for gone, text in ((Op.NEW, texts[0]), (Op.GONE, texts[1])):
        pieces = [[p.text for p in block.pieces if p.op is not gone] for block in blocks]
        assert "\n".join("".join(one) for one in pieces if one) == text


@pytest.mark.timeout(60)
@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_fault_48_any_two_texts_are_compared_in_under_two_seconds(texts):
    before, after = texts
    assert cheapest_s(lambda: compare_texts(before, after), 2) < 2
    blocks = compare_texts(before, after)
    for kept, text in ((Op.GONE, before), (Op.NEW, after)):
        pieces = [[p.text for p in block.pieces if p.op in (Op.SAME, kept)] for block in blocks]
        assert "\n".join("".join(one) for one in pieces if one) == text


def test_fault_48_of_many_versions_two_are_read(tmp_path, monkeypatch):
    """Whatever their number: only those that are compared are read, however long they are."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        for number in range(1, 51):
            keep(store, make_reading(text=f"Texte {number}."), now=NOON + timedelta(days=number))
    read = []
    to_version = versions.to_version

    def count_and_read(row):
        read.append(row["number"])
        return to_version(row)

    monkeypatch.setattr(versions, "to_version", count_and_read)
    for line in ("diff 1 --json", "diff 1 --from 1 --to 40 --json"):
        done = call_vigie(tmp_path, *line.split())
        assert json.loads(done.stdout)["text"], done.stderr
    assert sorted(set(read)) == [1, 40, 49, 50]
