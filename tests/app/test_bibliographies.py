"""Bibliographies are read back by others as they were meant, whatever sites write."""

import io
import json
import re
import warnings
from datetime import date

import bibtexparser
import pytest
import rispy
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON

from app.exporting.bibliographies import write_bibtex, write_csl, write_ris
from app.exporting.citing import MAX_TITLE, citation_key, cite
from tests.app.exported_makers import AT, HOSTILE, ON, SHA256, make_exported

TEX = {
    r"{\textbackslash}": "\\", r"{\textbraceleft}": "{", r"{\textbraceright}": "}",
    r"{\textasciitilde}": "~", r"{\textasciicircum}": "^",
    r"\%": "%", r"\&": "&", r"\$": "$", r"\#": "#", r"\_": "_",
}  # fmt: skip
PLACES = ("title", "outlet", "summary", "authors", "tags", "url")


def written(write, articles):
    out = io.BytesIO()
    write(articles, out)
    return out.getvalue().decode("utf-8")


def printed(tex):
    """Return what TeX prints of a text that was escaped."""
    return re.sub("|".join(map(re.escape, TEX)), lambda found: TEX[found[0]], tex)


def hostile(place):
    """Return an article for each hostile text, which stands in one of its parts."""
    for number, text in enumerate(HOSTILE.values(), start=1):
        if place == "url":
            yield make_exported(number, url=f"https://gazette.example/{number}/{text[:5000]}")
        else:
            yield make_exported(
                number, **{place: (text,) if place in ("authors", "tags") else text}
            )


ARTICLE = make_exported(
    12,
    title="Vidéosurveillance : 100 % {flou} & usages",
    authors=("Jeanne Roy", "Agence France-Presse", "Charles de Gaulle"),
    summary="Un résumé.",
    tags=("à lire",),
)
KEY = citation_key(ARTICLE.url)
DOCUMENT = make_exported(13, kind="document", outlet="CNIL", authors=("CNIL",))
PAGE = make_exported(14, kind="page", published_on=None)


# --- RIS


def test_ris_tells_all_that_is_cited():
    (record,) = rispy.loads(written(write_ris, [ARTICLE]))
    assert dict(record.pop("unknown_tag")) == {"AV": [f"sha256:{SHA256}"]}
    assert record == {
        "type_of_reference": "NEWS",
        "id": KEY,
        "title": ARTICLE.title,
        "authors": ["Roy, Jeanne", "Agence France-Presse", "de Gaulle, Charles"],
        "secondary_title": "La Gazette",
        "year": "2023",
        "date": "2023/11/22",
        "access_date": "2023/11/21",
        "language": "fr",
        "urls": ["https://gazette.example/12"],
        "abstract": "Un résumé.",
        "keywords": ["à lire"],
        "notes": [f"Archived copy 2023-11-21T23:30:00Z, SHA-256 {SHA256}"],
    }


def test_ris_tells_kinds_apart():
    records = rispy.loads(written(write_ris, [ARTICLE, DOCUMENT, PAGE]))
    assert [one["type_of_reference"] for one in records] == ["NEWS", "RPRT", "ELEC"]
    assert records[1]["publisher"] == "CNIL"
    assert "year" not in records[2]


@pytest.mark.parametrize("place", PLACES)
def test_no_text_breaks_a_record_of_ris(place):
    articles = list(hostile(place))
    text = written(write_ris, articles)
    records = rispy.loads(text)
    assert [one["id"] for one in records] == [cite(article).key for article in articles]
    for record, cited in zip(records, map(cite, articles), strict=True):
        assert record["type_of_reference"] == "NEWS"
        assert record["title"] == cited.title
        assert record.get("secondary_title", "") == cited.outlet
        assert record.get("abstract", "") == cited.summary
        assert record["urls"] == [cited.url.replace(";", "%3B")]
    lines = text.split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) or not line for line in lines)
    assert [line for line in text.splitlines() if line] == [line for line in lines if line]


# --- BibTeX


def parsed(text):
    library = bibtexparser.parse_string(text)
    assert library.failed_blocks == []
    assert not (library.strings or library.preambles or library.comments)
    return library.entries


def test_bibtex_tells_all_that_is_cited():
    (entry,) = parsed(written(write_bibtex, [ARTICLE]))
    assert (entry.entry_type, entry.key) == ("article", KEY)
    assert {name: field.value for name, field in entry.fields_dict.items()} == {
        "title": r"{Vidéosurveillance : 100 \% {\textbraceleft}flou{\textbraceright} \& usages}",
        "author": "Roy, Jeanne and {Agence France-Presse} and de Gaulle, Charles",
        "journal": "{La Gazette}",
        "year": "2023",
        "month": "nov",
        "date": "2023-11-22",
        "url": "https://gazette.example/12",
        "urldate": "2023-11-21",
        "langid": "french",
        "language": "fr",
        "keywords": "à lire",
        "abstract": "Un résumé.",
        "note": f"Archived copy 2023-11-21T23:30:00Z, SHA-256 {SHA256}",
    }


def test_bibtex_names_are_told_apart_by_its_readers():
    library = bibtexparser.parse_string(
        written(write_bibtex, [ARTICLE]),
        append_middleware=[
            bibtexparser.middlewares.SeparateCoAuthors(),
            bibtexparser.middlewares.SplitNameParts(),
        ],
    )
    names = library.entries[0]["author"]
    assert [(one.first, one.von, one.last) for one in names] == [
        (["Jeanne"], [], ["Roy"]),
        ([], [], ["{Agence France-Presse}"]),
        (["Charles"], ["de"], ["Gaulle"]),
    ]


def test_bibtex_tells_kinds_apart():
    entries = parsed(written(write_bibtex, [ARTICLE, DOCUMENT, PAGE]))
    assert [one.entry_type for one in entries] == ["article", "techreport", "online"]
    assert entries[1]["institution"] == "{CNIL}"
    assert "year" not in entries[2].fields_dict


@pytest.mark.parametrize("place", PLACES)
def test_no_text_breaks_an_entry_of_bibtex(place):
    articles = list(hostile(place))
    text = written(write_bibtex, articles)
    entries = parsed(text)
    assert [one.key for one in entries] == [cite(article).key for article in articles]
    for entry, cited in zip(entries, map(cite, articles), strict=True):
        assert printed(entry["title"][1:-1]) == cited.title
        assert (
            printed(entry.get("abstract").value if entry.get("abstract") else "") == cited.summary
        )
        assert not re.search(r"[{}\\\s]", entry["url"])
    for line in text.splitlines():
        assert re.match(r"@[a-z]+\{[a-z0-9-]+,$|  [a-z]+ = .+,$|\}$|$", line)
        assert line.count("{") == line.count("}") + line.startswith("@") - (line == "}")


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_author_stays_one(name):
    for entry in parsed(written(write_bibtex, [make_exported(authors=(name, "Jeanne Roy"))])):
        one = cite(make_exported(authors=(name,))).people
        middlewares = bibtexparser.middlewares.SeparateCoAuthors()
        library = bibtexparser.Library([entry])
        split = middlewares.transform(library).entries[0]["author"]
        assert len(split) == len(one) + 1


# --- CSL-JSON


def items(articles):
    return json.loads(written(write_csl, articles))


def test_csl_tells_all_that_is_cited():
    assert items([ARTICLE]) == [
        {
            "id": KEY,
            "type": "article-newspaper",
            "title": ARTICLE.title,
            "author": [
                {"family": "Roy", "given": "Jeanne"},
                {"literal": "Agence France-Presse"},
                {"family": "de Gaulle", "given": "Charles"},
            ],
            "container-title": "La Gazette",
            "issued": {"date-parts": [[2023, 11, 22]]},
            "accessed": {"date-parts": [[2023, 11, 21]]},
            "URL": "https://gazette.example/12",
            "language": "fr",
            "abstract": "Un résumé.",
            "keyword": "à lire",
            "archive_location": f"sha256:{SHA256}",
            "note": f"Archived copy 2023-11-21T23:30:00Z, SHA-256 {SHA256}",
        }
    ]


def test_csl_tells_kinds_apart():
    told = items([ARTICLE, DOCUMENT, PAGE])
    assert [one["type"] for one in told] == ["article-newspaper", "report", "webpage"]
    assert told[1]["publisher"] == "CNIL"
    assert "issued" not in told[2]


def test_csl_of_nothing_is_an_empty_list():
    assert items([]) == []


def rendered(data):
    """Return what a citation processor makes of items in a style."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        source = CiteProcJSON(data)
        bibliography = CitationStylesBibliography(style, source, formatter.plain)
        for one in data:
            bibliography.register(Citation([CitationItem(one["id"])]))
        bibliography.sort()
        return [str(one) for one in bibliography.bibliography()]


def test_csl_is_cited_by_a_processor():
    (shown,) = rendered(items([ARTICLE]))
    assert "Roy, J." in shown
    assert "La Gazette" in shown
    assert "https://gazette.example/12" in shown
    assert "(2023)" in shown


@pytest.mark.parametrize("place", PLACES)
def test_no_text_breaks_an_item_of_csl(place):
    articles = list(hostile(place))
    data = items(articles)
    assert [(one["id"], one["title"]) for one in data] == [
        (cite(article).key, cite(article).title) for article in articles
    ]
    assert len(rendered(data)) == len(articles)


# --- what is cited


def test_keys_are_unique_and_say_the_site():
    keys = [citation_key(f"https://www.le-monde.example/{n}") for n in range(1_000)]
    assert len(set(keys)) == 1_000
    assert all(re.fullmatch(r"le-monde-example-[0-9a-f]{12}", key) for key in keys)
    assert citation_key("urn:sha256:00").startswith("file-")


def test_nothing_that_may_change_changes_a_key():
    changed = make_exported(
        99, url=ARTICLE.url, title="Autre", authors=(), published_on=None, outlet="Autre"
    )
    assert cite(changed).key == KEY == "gazette-example-bd29330013dc"


def test_a_text_that_was_imported_has_no_day_of_access():
    cited = cite(make_exported(imported_from="file.jsonl", url="urn:sha256:00"))
    assert cited.accessed_on is None
    assert cited.proof == f"Imported record 2023-11-21T23:30:00Z, SHA-256 {SHA256}"
    assert cited.url == ""


def test_a_day_that_is_still_to_come_is_not_cited():
    cited = cite(make_exported(dated_in_future=True, published_on=date(2038, 1, 1)))
    assert (cited.on, cited.kind) == (None, "web")


def test_an_article_without_capture_says_when_it_was_seen():
    cited = cite(make_exported(capture_sha256=None, captured_at=None))
    assert (cited.accessed_on, cited.archived, cited.proof) == (AT.date(), "", "")


def test_an_article_without_title_is_cited_by_its_address():
    assert cite(make_exported(title=" \x00")).title == "https://gazette.example/1"


def test_a_long_title_is_cut_at_a_word():
    title = cite(make_exported(title="mot " * 1_000)).title
    assert len(title) <= MAX_TITLE
    assert title.endswith("mot…")


def test_the_day_is_the_one_on_the_calendar_of_the_affair():
    assert cite(make_exported()).on == ON != AT.date()
