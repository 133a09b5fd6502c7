"""Which pages say that their article was taken down, and which only tell of one."""

import pytest

from crawler.reading import read_html
from crawler.removals import find_removal, find_removal_note
from model.errors import ExtractError
from tests.crawler.removal_pages import NOT_REMOVED, REMOVED
from tests.store.makers import make_reading

URL = "https://gazette.example/politique/1"
DECLARED = """<script type="application/ld+json">{"@type": "NewsArticle",
"headline": "Le port filme", "datePublished": "2024-03-12T09:30:00Z",
"author": {"name": "Lise Martin"}}</script>"""
NAV = "<header><nav><a href=/>Accueil</a><a href=/p>Politique</a></nav></header>"
TEASERS = "".join(
    f"<div><h3><a href=/{n}>La brève {n}</a></h3><p>La commission {n} a rendu son avis jeudi, sans "
    "que la ministre ne le commente, et le conseil passe à la suite de son ordre du jour.</p></div>"
    for n in range(8)
)
LONG = "Le port du Lambrecq garde ses caméras allumées la nuit, dit la mairie de Vernelle. " * 20


def titled(case):
    """Return a title and a text of a row of either table."""
    return case if isinstance(case, tuple) else ("Le port filme", case)


def shown(notice, more="", head=DECLARED):
    return (
        f"<!doctype html><html lang=fr><head><meta charset=utf-8><title>Le port filme - La Gazette"
        f"</title>{head}</head><body>{NAV}<main><h1>Le port filme</h1><p>12 mars 2024</p>{notice}"
        f"{more}</main></body></html>"
    )


@pytest.mark.parametrize("case", REMOVED, ids=lambda case: titled(case)[1][:40])
def test_a_page_that_says_it_was_taken_down_is_understood(case):
    title, text = titled(case)
    assert find_removal([title], text)
    standfirst = "La préfecture ne répond pas aux questions posées depuis le mois de mai."
    if case is text:
        assert find_removal_note(make_reading(text=f"{standfirst}\n{text}"))


@pytest.mark.parametrize("case", NOT_REMOVED, ids=lambda case: titled(case)[1][:40])
def test_news_of_something_withdrawn_is_news(case):
    title, text = titled(case)
    assert find_removal([title], text) is None
    found = read_html(shown(f"<p>{text}</p><p>{LONG}</p>"), URL)
    assert "removal_notice" not in found.details or text.startswith("Cet article a été retiré. Le")


@pytest.mark.parametrize("head", [DECLARED, ""], ids=["declared", "bare"])
@pytest.mark.parametrize("tag", ["p", "div", "h2", "strong", "blockquote"])
def test_a_notice_is_found_whatever_its_markup_and_what_the_page_declares(head, tag):
    notice = f"<{tag}>Cet article a été <a href=/charte>retiré</a> par la rédaction.</{tag}>"
    with pytest.raises(ExtractError) as raised:
        read_html(shown(notice, head=head), URL)
    assert raised.value.state == "removed"
    assert "Cet article a été retiré par la rédaction" in raised.value.reason


def test_a_notice_above_teasers_is_quoted_for_who_knows_the_article():
    reading = read_html(shown("<p>Cet article a été retiré.</p>", TEASERS), URL)
    assert reading.details["removal_notice"] == "Cet article a été retiré"
    assert find_removal_note(reading) == "Cet article a été retiré"


def test_a_note_with_long_reasons_counts_only_where_the_text_is_known_to_be_gone():
    note = "Cet article a été retiré. " + LONG[:1500]
    assert find_removal([], note) is None
    assert find_removal_note(make_reading(text=note)) == "Cet article a été retiré"
    assert find_removal_note(make_reading(text=note + LONG)) is None


def test_what_is_quoted_is_one_short_printable_line():
    notice = f"Cet article\u202e a été retiré à la demande de {'x ' * 400}\x1b[31m"
    quoted = find_removal([], notice)
    assert quoted is not None
    assert len(quoted) < 170
    assert quoted.isprintable()


def test_no_text_makes_the_search_slow():
    for piece in ("cet article, publié ", "à la demande de ", "[", "a donc été ", "this article "):
        assert find_removal([piece * 40] * 9, piece * 40) is None
    assert find_removal_note(make_reading(text="à la suite de x, " * 140)) is None
