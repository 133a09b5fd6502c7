"""`vigie tag`: texts in, names, dates and quotes out, no database."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import msgspec

from app.output import note, print_json_line
from app.steps.relevance import Rule, searches_of_rule
from app.workplace import Workplace
from model.errors import InputError
from nlp.tagging import Tagger


class TextLine(msgspec.Struct, frozen=True):
    """One line to tag; `published_at` is a date or a time, in ISO 8601."""

    id: str | int
    text: str
    lang: str | None = None
    published_at: str | None = None
    title: str = ""


@click.command("tag")
@click.option(
    "--jsonl",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of JSON lines `id`, `text`, `lang`, `published_at`; otherwise standard input.",
)
@click.pass_obj
def command(workplace: Workplace, jsonl: Path | None) -> int:
    """Find names, dates and quotes in texts, one JSON line each.

    Offsets are code points of `text`. A line that cannot be read gives `error`.

    \b
    Examples:
      vigie tag --jsonl texts.jsonl
      echo '{"id": 1, "text": "La Cnil contrôle BriefCam."}' | vigie tag
    """
    config = workplace.config()
    tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
    rule = Rule(config, tagger, searches_of_rule(workplace, config))
    partly = False
    for item in _lines(jsonl):
        if isinstance(item, InputError):
            partly = True
            note(f"vigie: {item}")
            print_json_line({"error": str(item)})
        else:
            print_json_line(_tagged(item, tagger, rule))
    for sentence in tagger.missing:
        note(f"vigie: {sentence}")
    return InputError.exit_status if partly else 0


def _tagged(line: TextLine, tagger: Tagger, rule: Rule) -> dict[str, object]:
    tags = tagger.tag(
        line.text,
        lang=line.lang,
        published_at=_moment(line.published_at, tagger.zone),
        title=line.title,
    )
    relevant = rule.judge_text(line.title, line.text, tags.lang).relevant
    keys = {"by", "end", "entity", "from", "kind", "precision", "speaker", "start", "text", "to"}
    return {
        "id": line.id,
        "lang": tags.lang,
        "relevant": relevant,
        "mentions": [_only(mention, keys) for mention in tags.mentions],
        "dates": [_only(found, keys) for found in tags.dates],
        "quotes": [_only(quote, keys | {"verb"}) for quote in tags.quotes],
    }


def _moment(written: str | None, zone: ZoneInfo) -> datetime | None:
    """Return a time; a bare date is that day's noon where the affair is."""
    if not written:
        return None
    moment = datetime.fromisoformat(written)
    if len(written) <= len("2023-11-21"):
        return datetime.combine(moment.date(), time(12), zone)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _only(value: msgspec.Struct, keys: set[str]) -> dict[str, object]:
    built: dict[str, object] = msgspec.to_builtins(value)
    return {key: item for key, item in built.items() if key in keys}


def _lines(jsonl: Path | None) -> Iterator[TextLine | InputError]:
    name = str(jsonl) if jsonl else "standard input"
    stream = jsonl.open("rb") if jsonl else sys.stdin.buffer
    with stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                found = msgspec.json.decode(line, type=TextLine)
                datetime.fromisoformat(found.published_at or "2000-01-01")
            except (msgspec.DecodeError, ValueError) as error:
                reason = f"{error}; each line is {{id, text, lang, published_at}}"
                yield InputError(name, number, reason)
            else:
                yield found
