"""Lists of sources: others' OPML and CSV, each source once, each fault with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import source_key
from crawler.records import BrokenRecordError
from crawler.source_lists import LineFault, is_csv_list, read_csv, read_opml
from model.source import Source, SourceKind

OTHERS = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.1">
<head><title>Mes flux</title></head>
<body>
  <outline text="Presse" title="Presse">
    <outline text="Nationale">
      <outline type="rss" text="Le Courrier" title="Le Courrier national"
        xmlUrl="https://www.courrier.example/feed/" htmlUrl="https://www.courrier.example/"
        language="fr-FR"/>
    </outline>
    <outline type="atom" text="Pixel" xmlUrl="feed://pixel.example/atom.xml"/>
  </outline>
  <outline text="Un lien" type="link" url="https://ailleurs.example/"/>
  <outline text="Encore" xmlUrl="http://courrier.example/feed"/>
  <outline text="Vide" xmlUrl="  "/>
</body></opml>"""


def addresses(listed: tuple[Source | LineFault, ...]) -> list[str]:
    return [one.url for one in listed if isinstance(one, Source)]


def test_nested_folders_of_others_are_read_and_a_doubled_feed_is_one() -> None:
    listed = read_opml(OTHERS.encode())
    assert listed == (
        Source(url="https://www.courrier.example/feed/", name="Le Courrier national", lang="fr",
               checked=False),
        Source(url="http://pixel.example/atom.xml", name="Pixel", checked=False),
    )  # fmt: skip


@pytest.mark.parametrize(
    "spelling",
    [
        "http://www.courrier.example/feed",
        "https://courrier.example/feed/",
        "HTTPS://Courrier.Example:443/feed?utm_source=x",
        "https://courrier.example/feed#top",
    ],
)
def test_all_spellings_of_an_address_are_one_source(spelling: str) -> None:
    assert source_key(spelling) == source_key("https://courrier.example/feed")


@pytest.mark.parametrize(
    "other",
    [
        "https://courrier.example/feed?lang=en",
        "https://u:p@courrier.example/feed",
        "https://courrier.example/feed/2",
        "https://courrier.example:8443/feed",
    ],
)
def test_another_feed_or_another_login_is_another_source(other: str) -> None:
    assert source_key(other) != source_key("https://courrier.example/feed")


SETTINGS = 'xmlns:vigie="urn:vigie:opml" vigie:source'


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ("xmlUrl='javascript:alert(1)'", "no web address"),
        ("xmlUrl='ftp://u:p@a.example/'", "no web address"),
        (f"xmlUrl='https://a.example/' {SETTINGS}='no JSON'", "not understood"),
        (f"""xmlUrl='https://a.example/' {SETTINGS}='{{"kind": "oracle"}}'""", "not understood"),
        (f"""xmlUrl='https://a.example/' {SETTINGS}='{{"more": 1}}'""", "not understood"),
        (f"""xmlUrl='https://a.example/' {SETTINGS}='{{"selector": "a["}}'""", "no CSS selector"),
    ],
    ids=["a script", "ftp", "no JSON", "an unknown kind", "an unknown key", "a selector"],
)
def test_a_wrong_outline_is_a_fault_with_its_line_and_keeps_out_no_other(
    attributes: str, reason: str
) -> None:
    good = "<outline xmlUrl='https://b.example/f'/>"
    raw = f"<opml><body>\n\n<outline {attributes}/>\n{good}</body></opml>".encode()
    fault, source = read_opml(raw)
    assert isinstance(fault, LineFault)
    assert (fault.line, addresses((source,))) == (3, ["https://b.example/f"])
    assert reason in fault.reason
    assert "u:p" not in fault.reason


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_a_csv_list_is_read_in_any_order_of_its_columns(separator: str) -> None:
    rows = [
        ["name", "URL", "lang", "kind", "note"],
        ["Le Courrier", "https://courrier.example/feed", "fr-FR", "rss", "x"],
        ['"Une page; ou, deux"', "https://cour.example/decisions", "", "page", ""],
        [],
        ["Encore", "http://www.courrier.example/feed/", "", "", ""],
    ]
    text = "\ufeff" + "\r\n".join(separator.join(row) for row in rows)
    assert is_csv_list(text)
    assert read_csv(text) == (
        Source(url="https://courrier.example/feed", name="Le Courrier", lang="fr", checked=False),
        Source(url="https://cour.example/decisions", name="Une page; ou, deux",
               kind=SourceKind.PAGE, checked=False),
    )  # fmt: skip


def test_rows_that_are_wrong_are_named_by_their_lines_and_the_others_are_read() -> None:
    text = (
        "url,kind,lang\nhttps://a.example/f,,\nfile:///etc/passwd,,\nhttps://b.example/f,oracle,\n"
        "https://c.example/f,feed,12\n,feed,fr\nhttps://d.example/f,feed,fr\n"
    )
    listed = read_csv(text)
    assert addresses(listed) == ["https://a.example/f", "https://d.example/f"]
    assert [one.line for one in listed if isinstance(one, LineFault)] == [3, 4, 5, 6]


@given(st.text())
def test_any_text_behind_a_header_gives_sources_or_faults(text: str) -> None:
    for one in read_csv(f"url,name\n{text}"):
        assert isinstance(one, Source | LineFault)


@given(st.binary(max_size=300))
def test_any_bytes_give_outlines_or_our_own_error(raw: bytes) -> None:
    try:
        read_opml(b"<opml><body><outline xmlUrl='https://a.example/'/>" + raw)
    except BrokenRecordError as error:
        assert str(error)
