"""What several sources list is fetched once, however each of them spells its address."""

from datetime import timedelta
from pathlib import Path

import pytest

from model.source import Source
from tests.crawler.misbehaving import NOON, SITE
from tests.faults.watching import Watched, feed, item, page

FIRST, OTHER, THIRD = (f"http://{SITE}/feed{number}" for number in (1, 2, 3))
ADDRESS = f"http://{SITE}/2026/le-port-et-ses-cameras"
SPELLINGS = {
    "as it is": ADDRESS,
    "tracking": f"{ADDRESS}?utm_source=rss&xtor=RSS-1",
    "https": ADDRESS.replace("http://", "https://"),
    "www": ADDRESS.replace("http://", "http://www."),
    "https and www": ADDRESS.replace("http://", "https://www."),
    "a slash": f"{ADDRESS}/",
    "a fragment": f"{ADDRESS}#comments",
    "upper case": ADDRESS.replace(SITE, SITE.upper()),
    "the AMP page it declares": f"{ADDRESS}/amp",
}
AMP = f'<link rel="amphtml" href="{ADDRESS}/amp">'


def pages_of(watched: Watched) -> list[str]:
    return [path for path in watched.asked if not path.startswith("/feed")]


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_an_article_that_another_source_lists_too_is_not_fetched_again(
    tmp_path: Path, spelling: str
) -> None:
    answers = {
        "/feed1": feed(item(1, link=ADDRESS)),
        "/feed2": feed(item(1, link=spelling)),
        "/2026/le-port-et-ses-cameras": page(1, head=AMP),
    }
    watched = Watched(tmp_path, answers, FIRST)
    watched.make_pass()
    assert pages_of(watched) == ["/2026/le-port-et-ses-cameras"]
    watched.sources.append(Source(url=OTHER))
    watched.make_pass(NOON + timedelta(minutes=1))
    assert pages_of(watched) == []
    assert len(watched.articles()) == 1


def test_in_one_pass_over_several_sources_an_article_is_fetched_once(tmp_path: Path) -> None:
    answers = {
        "/feed1": feed(item(1, link=ADDRESS)),
        "/feed2": feed(item(1, link=SPELLINGS["tracking"])),
        "/feed3": feed(item(1, link=SPELLINGS["a fragment"])),
        "/2026/le-port-et-ses-cameras": page(1),
        "/2026/le-port-et-ses-cameras?utm_source=rss&xtor=RSS-1": page(1),
    }
    watched = Watched(tmp_path, answers, FIRST, OTHER, THIRD)
    watched.make_pass()
    assert len(pages_of(watched)) == 1
    assert len(watched.articles()) == 1
    with watched.store() as store:
        reports = store.source_states()
    assert [(report.kept, report.entries) for report in reports] == [(1, 1)] * 3
