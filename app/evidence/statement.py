"""The statement of an evidence folder: what was kept, what it proves, how to check it.

It is written in French and in English, in plain text, for people who do not have Vigie. It never
says more than the captures show: a page is present on a day or absent since, never "removed".
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.output import printable
from crawler import PROGRAM
from crawler.captures import CaptureFacts
from model.article import Article
from model.capture import Capture
from store.evidence.proofs import ProvenChange

LANGUAGES = ("fr", "en")
STATEMENT = "STATEMENT.txt"

SNIPPET = """\
        python3 - <<'END'
        import hashlib, json
        def sha256(text): return hashlib.sha256(text.encode()).hexdigest()
        def read(name): return json.load(open(name, encoding="utf-8"))
        def follow(chain, unit):
            number, link = chain["start"][unit], chain["start"]["link"]
            links = {number: link}
            for number, part in enumerate(chain["parts"], number + 1):
                link = links[number] = sha256(link + "\\n" + part)
            assert {unit: number, "link": link} == chain["head"], "head"
            return links
        chain, ledger = read("chain.json"), read("ledger.json")
        links, lines = follow(chain, "capture"), follow(ledger, "line")
        for one in chain["captures"]:
            part = chain["parts"][one["capture"] - chain["start"]["capture"] - 1]
            assert part in (one["row"], sha256(one["row"])), one["capture"]
            assert json.loads(one["row"])[6] == one["record_sha256"], one["capture"]
        rows = {}
        for one in ledger["lines"]:
            part = ledger["parts"][one["line"] - ledger["start"]["line"] - 1]
            spelt = json.loads(one["spelt"])
            assert part == sha256(one["spelt"]), one["line"]
            assert spelt[:2] == [one["line"], one["kind"]], one["line"]
            assert spelt[3] == sha256(one["row"]), one["line"]
            assert spelt[4] == one["is_late"], one["line"]
            rows[one["line"]] = [one["kind"], *json.loads(one["row"])]
        for one in read("versions.json"):
            authors = json.dumps(one["authors"], ensure_ascii=False, separators=",:")
            texts = [one["title"], one["text"], one["summary"], authors]
            text = sha256("".join(f"{len(t.encode())}:{t}" for t in texts))
            said = [one["number"], one["seen_at"], one["capture"], text, one["published_at"]]
            row = rows.pop(one["line"])
            assert said == [row[3], row[4], row[5], row[7], row[8]], one["file"]
            said = [one["modified_at"], one["lang"], one["access"]]
            assert said == row[9:12], one["file"]
            rest = json.loads(row[12])
            assert rest == {name: one[name] for name in rest}, one["file"]
        for one in read("changes.json"):
            said = [one[name] for name in ("what", "detail", "seen_at", "capture", "present_at")]
            row = rows.pop(one["line"])
            assert said == [row[3], row[4], row[5], row[7], row[8]], one["line"]
        assert not rows, "versions.json or changes.json is not whole"
        for stamp in chain["stamps"]:
            link = links[stamp["capture"]]
            if stamp["line"] is not None:
                link = sha256(link + "\\n" + lines[stamp["line"]])
            assert link == stamp["link"], stamp["file"]
        print(len(links) + len(lines) - 2, "links match")
        END"""
"""Run in the folder, it computes the chain again with nothing but Python's own library."""


class ShownCapture(msgspec.Struct, frozen=True, kw_only=True):
    """One capture and the file that holds it; `facts` is None where it was imported."""

    number: int
    capture: Capture
    imported_from: str
    file: str
    facts: CaptureFacts | None

    @property
    def hops(self) -> tuple[str, ...]:
        """Return the redirects: where each led, with the status that led there."""
        if self.facts is None:
            return ()
        statuses: Sequence[int | None] = self.facts.redirect_statuses
        known = [*statuses, *[None] * len(self.facts.redirects)]
        return tuple(
            f"{status} -> {url}" if status else f"-> {url}"
            for status, url in zip(known, self.facts.redirects, strict=False)
        )

    @property
    def is_encrypted(self) -> bool:
        """Return whether the answer came over TLS."""
        return self.capture.final_url.startswith("https:")


class ShownVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version, the numbers of its capture and line, and the file that holds its text."""

    number: int
    seen_at: datetime
    capture: int | None
    line: int
    file: str


class ShownStamp(msgspec.Struct, frozen=True, kw_only=True):
    """One time stamp: its files, whose it is, when it says it saw which links.

    Without `lines` it attests captures alone.
    """

    captures: int
    lines: int | None
    link: str
    authority: str
    said_at: datetime
    file: str
    link_file: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """All that a statement tells; `roots` is the file of the certificates, or empty.

    `late` are the lines of rows that are older than the ledger.
    """

    made_at: datetime
    timezone: str
    article: Article
    addresses: tuple[str, ...]
    versions: tuple[ShownVersion, ...]
    changes: tuple[ProvenChange, ...]
    captures: tuple[ShownCapture, ...]
    stamps: tuple[ShownStamp, ...]
    roots: str
    late: tuple[int, ...]
    has_whole_rows: bool


def write_statement(shown: Shown) -> str:
    """Return the statement, in French and then in English."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("statements")),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - it is plain text
        finalize=_one_line,
        trim_blocks=False,
        keep_trailing_newline=True,
    )
    facts = {name: getattr(shown, name) for name in Shown.__struct_fields__}
    facts |= {
        "program": PROGRAM,
        "reading": shown.article.current.reading,
        "web": any(one.facts for one in shown.captures),
        "when": _speller(ZoneInfo(shown.timezone)),
        "snippet": _Exact(SNIPPET),
    }
    parts = [environment.get_template(f"{name}.txt").render(facts) for name in LANGUAGES]
    return "\n\n\n".join(parts)


class _Exact(str):
    """Text that is written as it is."""

    __slots__ = ()


def _one_line(value: object) -> object:
    """Return what sites wrote on one line of visible characters: nothing of it can pose as ours."""
    if isinstance(value, str) and not isinstance(value, _Exact):
        return " ".join(printable(value).split()) or value.strip("\n")
    return value


def _speller(zone: ZoneInfo) -> Callable[[datetime], str]:
    def spell(at: datetime) -> str:
        local = at.astimezone(zone)
        return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC ({local:%Y-%m-%d %H:%M:%S} {zone.key})"

    return spell
