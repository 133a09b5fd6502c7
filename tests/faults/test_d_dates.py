"""Fault 47: what only looks like a date on a page is never its publication."""

from datetime import UTC, datetime

import pytest

from crawler.reading import read_html

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
URL = "https://paper.example/a"
HEADING = "<h1>The bridge is closed</h1>"
TEXT = "".join(f"<p>Paragraph {n} of an article long enough to be one.</p>" for n in range(9))


def html(head: str = "", before: str = "", after: str = "") -> str:
    body = f"{before}<article>{HEADING}{TEXT}</article>{after}"
    return f"<html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "page",
    [
        html(head='<script>var expires = "2026-10-31"; var published = "2026-10-30";</script>'),
        html(before='<script type="application/json">{"date": "2026-10-31"}</script>'),
        html(before="<style>/* published 2026-10-31 */</style>"),
        html(after="<footer><p>Published 31 October 2026</p></footer>"),
        html(after="<footer><time datetime='2026-10-31'>31 October</time></footer>"),
        html(after="<p>© The Paper, 31 October 2026</p>"),
        html(after="<p>Build 2026-10-31</p>"),
        html(after="<aside><span>31 October 2026</span></aside>"),
        html(before="<aside><time pubdate datetime='2026-10-31'>31 October</time></aside>"),
        html(after="<div class='comment'><time datetime='2026-10-31'>31 October</time></div>"),
        html(before="<nav><span>Saturday 31 October 2026</span></nav>"),
    ],
    ids=[
        "script", "data", "style", "words in a footer", "time in a footer", "copyright",
        "below the text", "sidebar", "marked time in a sidebar", "comment",
        "today's date in the menu",
    ],
)  # fmt: skip
def test_fault_47_a_date_outside_the_article_is_never_its_publication(page: str) -> None:
    reading = read_html(page, URL, seen_at=NOON)
    assert (reading.published_at, reading.date_source) == (None, None)
