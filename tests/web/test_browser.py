"""The pages in a real browser, at the width of a telephone and of a desk."""

import re
import shutil
import struct
import subprocess
from html import escape

import pytest
from litestar.testing import TestClient

from digest.render import render_digest
from model.config import parse_config
from model.digest import Digest, DigestHealth, DigestItem
from model.mention import EntityKind, Mention, Quote, Tags
from store import open_store
from tests.held_affair import CONFIG, EDITED, SEEN, fill, make_reading, sought
from web.app import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--virtual-time-budget=2000"),
)
ENDLESS = "Donaudampfschifffahrtsgesellschaft" * 12
ADDRESSES = (
    *("/", "/?by=published&lang=en", "/?q=title:(", "/article/1?at=0-46", "/article/6", "/x"),
    *("/entities", "/entity?name=CNIL", "/entity?name=CNIL&lang=en", "/entity?name=x"),
    *(f"/entity?name={ENDLESS}&lang={lang}" for lang in ("fr", "en")),
)

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed"),
    pytest.mark.timeout(120),
]


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Every kind of page with its style inside, and a digest; some words are endless."""
    data = tmp_path_factory.mktemp("seen") / "data"
    fill(data)
    with open_store(data) as store:
        reading = make_reading(
            6, ENDLESS, f"{ENDLESS} caméras", url=f"https://x.example/{ENDLESS}", site=ENDLESS,
            authors=(ENDLESS,), published_at=SEEN,
        )  # fmt: skip
        kept = store.keep(reading, relevant=True, reasons=(ENDLESS,), now=EDITED)
        named = Mention(
            start=0, end=len(ENDLESS), text=ENDLESS, entity=ENDLESS, kind=EntityKind.LAW, by="list"
        )
        quote = Quote(start=0, end=len(ENDLESS), text=ENDLESS, speaker=ENDLESS, verb="dit")
        tags = Tags(lang="fr", mentions=(named,), quotes=(quote,))
        store.save_tags(kept.version_id, tags, (), tagger="t", now=SEEN)
        (endless,) = store.who_is(ENDLESS)
        store.rename_entity(endless.id, ENDLESS + ENDLESS, now=SEEN)
    with TestClient(create_app(data, parse_config(CONFIG)), base_url="http://127.0.0.1") as client:
        style = f"<style>{client.get('/style.css').text}</style>"
        pages = [client.get(address).text for address in ADDRESSES]
    return [
        *(re.sub(r'<link rel="stylesheet"[^>]*>', lambda _: style, page) for page in pages),
        rendered_digest(),
    ]


def rendered_digest():
    item = DigestItem(
        article=1, url="https://x.example/1", title=ENDLESS, site=ENDLESS, lang="fr",
        published_at=SEEN, first_seen_at=SEEN, summary=ENDLESS, copies=2,
    )  # fmt: skip
    digest = Digest(
        list_name="q", affair=ENDLESS, on=SEEN.date(), language="fr", items=(item,), events=(),
        changes=(), health=DigestHealth(sources=1, failing=(ENDLESS,), last_run_at=SEEN),
    )  # fmt: skip
    return render_digest(digest, timezone="Europe/Paris", now=SEEN).html


def browse(folder, html, *flags):
    """Open a page and return what the browser prints."""
    page = folder / "page.html"
    page.write_text(html, encoding="utf-8")
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, page.as_uri()],
        capture_output=True, text=True, timeout=100, check=True,
    )  # fmt: skip
    return done.stdout


def measuring(pages, width):
    """Return a page that shows the others at a width and writes down which are wider."""
    frames = "".join(
        f'<iframe width="{width}" height="900" style="border:0" srcdoc="{escape(page)}"></iframe>'
        for page in pages
    )
    return f"""<meta charset="utf-8"><body>{frames}<pre id="told"></pre><script>
        addEventListener("load", () => {{
            told.textContent = [...document.querySelectorAll("iframe")].map(frame => {{
                const root = frame.contentDocument.documentElement;
                return root.clientWidth + ":" + root.scrollWidth;
            }}).join(" ");
        }});
    </script>"""


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_the_screen(pages, tmp_path, width):
    dom = browse(tmp_path, measuring(pages, width), "--window-size=1400,1000", "--dump-dom")
    told = sought(r'<pre id="told">([^<]*)</pre>', dom).split()
    assert told == [f"{width}:{width}"] * len(pages)


@pytest.mark.parametrize("width", [320, 1280])
def test_a_page_can_be_seen(pages, tmp_path, width):
    picture = tmp_path / "page.png"
    browse(tmp_path, pages[0], f"--window-size={width},900", f"--screenshot={picture}")
    content = picture.read_bytes()
    assert struct.unpack(">II", content[16:24]) == (width, 900)
    assert len(content) > 5_000, "the picture is blank"
