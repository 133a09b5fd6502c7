"""One page that shows what changed between two versions: no script, no other file, no colour alone.

What comes from sites is text on it, never markup.
"""

import base64
import hashlib
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.comparing import Block, Op, Piece
from app.differences import Difference, is_changed
from app.output import printable
from model.article import PAGE_BREAK, Reading
from model.phrases import say, say_parts, spell_plain_day, spell_time

WORDS: dict[str, tuple[str, str]] = {
    "what_changed": ("Ce qui a changé", "What changed"),
    "between": ("entre deux versions d’un article", "between two versions of an article"),
    "nothing": (
        "rien, sinon des virgules, des espaces, la casse ou des compteurs",
        "nothing but commas, spaces, case or counters",
    ),
    "same_version": (
        "une seule et même version : rien à comparer",
        "one and the same version: nothing to compare",
    ),
    "version": ("version", "version"),
    "seen": ("vue le", "seen"),
    "capture": ("empreinte SHA-256 du relevé", "SHA-256 of the capture"),
    "no_capture": ("aucun relevé", "no capture"),
    "legend": ("Comment lire :", "How to read it:"),
    "gone": ("ce qui a disparu", "what is gone"),
    "new": ("ce qui est apparu", "what is new"),
    "title": ("Titre", "Headline"),
    "authors": ("Signature", "Byline"),
    "published_at": ("Date de publication", "Date of publication"),
    "text": ("Texte", "Text"),
    "same": ("inchangé", "unchanged"),
    "none": ("aucune", "none"),
    "same_text": ("Le texte est le même dans les deux versions.", "Both texts are the same."),
    "one_same": ("1 paragraphe inchangé", "1 paragraph unchanged"),
    "many_same": ("{} paragraphes inchangés", "{} paragraphs unchanged"),
    "article": ("article", "article"),
    "made": (
        "Établi par Vigie le {}, d’après les relevés conservés. Heures de {}.",
        "Made by Vigie on {}, from the captures it keeps. Times of {}.",
    ),
}

_SIGNS = {Op.SAME: ("", ""), Op.GONE: ("[−", "−]"), Op.NEW: ("{+", "+}")}
_ELEMENTS = {Op.SAME: "", Op.GONE: "del", Op.NEW: "ins"}
_FOLDER = Path(__file__).parent / "diff_pages_template"
_BREAKS = re.compile(f"[\n{PAGE_BREAK}]+")


class Run:
    """A piece within one paragraph, as the template writes it."""

    def __init__(self, piece: Piece, text: str) -> None:
        """Take a piece of which `text` stands in this paragraph."""
        self.element = _ELEMENTS[piece.op]
        self.before, self.after = _SIGNS[piece.op]
        self.text = printable(text)


def render_difference(
    found: Difference,
    current: Reading,
    *,
    affair: str,
    timezone: str,
    language: str,
    now: datetime,
) -> str:
    """Return the page of a difference; `current` is what the article says now."""
    spoken = "fr" if language == "fr" else "en"
    zone = ZoneInfo(timezone)
    style = (_FOLDER / "style.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["word"] = lambda key: WORDS[key][0 if spoken == "fr" else 1]
    environment.filters["printable"] = printable
    return environment.get_template("page.html").render(
        language=spoken,
        affair=affair,
        style=style,
        style_sha256=digest,
        found=found,
        article_lang=current.lang or "",
        headline=current.title or say("untitled", spoken),
        is_linkable=found.url.lower().startswith(("https://", "http://")),
        summary=_summary(found, spoken),
        ends=_ends(found, zone, spoken),
        parts=_parts(found, zone, spoken),
        blocks=[(block.changed, _paragraphs(block)) for block in found.text],
        has_other_text=any(block.changed for block in found.text),
        signs={"gone": _SIGNS[Op.GONE], "new": _SIGNS[Op.NEW]},
        made_at=spell_time(now.astimezone(zone), spoken),
        timezone=timezone,
    )


def _summary(found: Difference, language: str) -> str:
    if not found.what:
        is_one = found.from_version == found.to_version
        return WORDS["same_version" if is_one else "nothing"][0 if language == "fr" else 1]
    parts = say_parts(", ".join(found.changed), language)
    return f"{say(f'change_{found.what}', language)} {parts}"


def _ends(found: Difference, zone: ZoneInfo, language: str) -> list[tuple[int, str, str]]:
    """Return both versions: their numbers, when they were seen first and their captures."""
    return [
        (number, spell_time(seen_at.astimezone(zone), language), capture)
        for number, seen_at, capture in (
            (found.from_version, found.from_seen_at, found.from_capture),
            (found.to_version, found.to_seen_at, found.to_capture),
        )
    ]


def _parts(
    found: Difference, zone: ZoneInfo, language: str
) -> list[tuple[str, bool, list[list[Run]]]]:
    """Return headline, byline and date: the name of each, whether it changed, its paragraphs."""
    dates = tuple(
        Piece(piece.op, _spell_date(piece.text, zone, language)) for piece in found.published_at
    )
    parts = {"title": found.title, "authors": found.authors, "published_at": dates}
    return [
        (key, is_changed(pieces), _paragraphs(Block(changed=True, pieces=pieces)))
        for key, pieces in parts.items()
    ]


def _spell_date(text: str, zone: ZoneInfo, language: str) -> str:
    at = datetime.fromisoformat(text)
    if len(text) == len("2023-11-21"):
        return spell_plain_day(at.date(), language)
    return spell_time(at.astimezone(zone), language)


def _paragraphs(block: Block) -> list[list[Run]]:
    """Return the paragraphs of a block; a piece that spans several is closed in each."""
    paragraphs: list[list[Run]] = [[]]
    for piece in block.pieces:
        for number, text in enumerate(_BREAKS.split(piece.text)):
            if number:
                paragraphs.append([])
            if text:
                paragraphs[-1].append(Run(piece, text))
    return [paragraph for paragraph in paragraphs if paragraph]
