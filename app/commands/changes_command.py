"""`vigie changes`: what came and what changed since a moment."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click
import msgspec

from app.asking import Held, opened
from app.output import local_time, note, print_json, print_sentence, print_table
from app.workplace import Workplace, utc_now
from model.digest import DigestChange
from model.errors import ConfigError
from model.hosts import spell_host
from model.moments import FORMS, SECOND, parse_moment
from model.phrases import say_change, spell_date
from model.plurals import count
from store.since import NewArticle, NewCopy, News

LAST_PASS, BEFORE_LAST_PASS = "last-pass", "previous-pass"
_ENDED = {LAST_PASS: 1, "dernier-passage": 1, BEFORE_LAST_PASS: 2, "avant-dernier-passage": 2}
EVER = datetime(1, 1, 1, tzinfo=UTC)

NOUNS = {
    "edited": ("edit", "edits"),
    "shrunk": ("text cut short", "texts cut short"),
    "replaced": ("possible replacement", "possible replacements"),
    "completed": ("text now readable", "texts now readable"),
    "absent": ("removal", "removals"),
    "back": ("return", "returns"),
    "moved": ("new address", "new addresses"),
    "furniture": ("edit that was none", "edits that were none"),
}
"""What each kind of change counts, in the order in which it is told."""

T = TypeVar("T")


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """After one moment, up to another and with it; after `EVER` where no pass ended before."""

    after: datetime
    until: datetime


@click.command("changes")
@click.option(
    "--since",
    default=BEFORE_LAST_PASS,
    show_default=True,
    metavar="MOMENT",
    help="A day, a time, P7D, PT6H, yesterday, last-pass or previous-pass.",
)
@click.option("--until", metavar="MOMENT", help="The same; its end is included (default: now).")
@click.option("--query", default="", help="Only articles that answer, as in `vigie search`.")
@click.option("--limit", type=click.IntRange(1), help="List the first N of each kind; count all.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace,
    /,
    since: str,
    until: str | None,
    query: str,
    limit: int | None,
    *,
    as_json: bool,
) -> None:
    """Show what came and what changed in the affair since a moment; by default in the last pass.

    New articles, edits, removals, returns and moves; then copies, stories and events, as far as
    the articles that make them are new. What you noted yourself is not told. Times are those of
    the affair's time zone.

    \b
    Examples:
      vigie changes
      vigie changes --since yesterday
      vigie changes --since P7D --query entity:CNIL
      vigie changes --since 2023-11-21T18:00 --until 2023-11-22 --json
    """
    with opened(workplace) as held:
        now = utc_now()
        span = _span(held, since, until, now)
        asked = held.query(query) if query.strip() else None
        news = held.store.news(asked, span.after, span.until, now=now)
        if as_json:
            print_json(news_facts(news, span, held.timezone, limit))
        else:
            _show(news, span, held, limit)


def _span(held: Held, since: str, until: str | None, now: datetime) -> Span:
    after = _after(held, since, now)
    start = after if _is_pass(since) else after + SECOND
    end = (
        now.replace(microsecond=0)
        if until is None
        else _moment("--until", until, held, now, is_end=True)
    )
    if end < start.replace(microsecond=0):
        raise ConfigError(f"--since {since} is after --until {until or 'now'}")
    return Span(after=after, until=end)


def _after(held: Held, since: str, now: datetime) -> datetime:
    """Return the second before the one from which on is told."""
    if not _is_pass(since):
        return _moment("--since", since, held, now) - SECOND
    wanted = _ENDED[since.strip().lower()]
    ended = held.store.ended_runs(limit=wanted)
    return ended[wanted - 1] if len(ended) >= wanted else EVER


def _is_pass(typed: str) -> bool:
    return typed.strip().lower() in _ENDED


def _moment(
    option: str, typed: str, held: Held, now: datetime, *, is_end: bool = False
) -> datetime:
    if _is_pass(typed):
        wanted = _ENDED[typed.strip().lower()]
        ended = held.store.ended_runs(limit=wanted)
        if len(ended) < wanted:
            raise ConfigError(f"{option} {typed}: no such pass has ended yet")
        return ended[wanted - 1]
    try:
        return parse_moment(typed, now=now, zone=ZoneInfo(held.timezone), is_end=is_end)
    except ValueError as error:
        passes = f", {LAST_PASS} or {BEFORE_LAST_PASS}" if str(error) == FORMS else ""
        raise ConfigError(f"{option} {typed!r}: {error}{passes}") from error


def news_facts(news: News, span: Span, timezone: str, limit: int | None) -> dict[str, object]:
    """Return news as `--json` gives it: counts of all, then as many of each as are asked for."""
    kinds = Counter(change.what for change in news.changes)
    counts: dict[str, int] = {
        "articles": len(news.articles),
        **{what: kinds[what] for what in NOUNS},
        "copies": len(news.copies),
        "stories": len(news.stories),
        "events": len(news.events),
    }
    lists: dict[str, Sequence[Any]] = msgspec.structs.asdict(news)
    since = None if span.after == EVER else span.after + SECOND
    return {
        "since": since,
        "until": span.until,
        "timezone": timezone,
        "counts": counts,
        **{name: _first(rows, limit) for name, rows in lists.items()},
    }


def _first(rows: Sequence[T], limit: int | None) -> Sequence[T]:
    return rows if limit is None else rows[:limit]


def _show(news: News, span: Span, held: Held, limit: int | None) -> None:
    print_sentence(_summary(news, span, held.timezone))
    zone = ZoneInfo(held.timezone)
    _table(
        "New articles",
        ("id", "first seen", "site", "article"),
        [_article_row(new, zone) for new in _first(news.articles, limit)],
        len(news.articles),
    )
    _table(
        "What changed",
        ("id", "seen", "site", "change"),
        [_change_row(change, zone) for change in _first(news.changes, limit)],
        len(news.changes),
    )
    _table(
        "New copies",
        ("id", "of", "kind", "article"),
        [_copy_row(copy) for copy in _first(news.copies, limit)],
        len(news.copies),
    )
    _table(
        "Stories that moved",
        ("id", "state", "new articles", "story"),
        [
            (
                str(story.story),
                "new" if story.is_new else "grew",
                " ".join(map(str, story.articles)),
                story.title,
            )
            for story in _first(news.stories, limit)
        ],
        len(news.stories),
    )
    _table(
        "Events that only new articles tell",
        ("date", "what happened"),
        [
            (spell_date(event.date, event.to, event.precision, "en"), event.text)
            for event in _first(news.events, limit)
        ],
        len(news.events),
    )
    if limit is None and not any((news.articles, news.changes)):
        note("`vigie run` looks for more; an earlier --since shows more of what is held.")


def _table(
    title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], total: int
) -> None:
    if not rows:
        return
    click.echo()
    shown = f"{len(rows)} of {total}" if len(rows) < total else str(total)
    print_table(f"{title}: {shown}", columns, rows)


def _summary(news: News, span: Span, timezone: str) -> str:
    kinds = Counter(change.what for change in news.changes)
    counts = [count(len(news.articles), "new article")]
    counts += [count(kinds[what], *nouns) for what, nouns in NOUNS.items() if kinds[what]]
    for rows, one, many in (
        (news.copies, "new copy", "new copies"),
        (news.stories, "story that moved", "stories that moved"),
        (news.events, "new event", "new events"),
    ):
        if rows:
            counts.append(count(len(rows), one, many))
    until = local_time(span.until, timezone)
    since = "Up to" if span.after == EVER else f"{local_time(span.after + SECOND, timezone)} to"
    return f"{since} {until} ({timezone}): {', '.join(counts)}."


def _article_row(new: NewArticle, zone: ZoneInfo) -> tuple[str, str, str, str]:
    lines = [new.title or "(no title)", new.url]
    if new.published_at is None:
        lines.insert(1, "[undated]")
    elif new.dated_in_future:
        lines.insert(1, f"[dated in the future, {new.published_at.astimezone(zone):%Y-%m-%d}]")
    seen = f"{new.first_seen_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return str(new.article), seen, spell_host(new.site), "\n".join(lines)


def _change_row(change: DigestChange, zone: ZoneInfo) -> tuple[str, str, str, str]:
    present = None if change.present_at is None else change.present_at.astimezone(zone)
    seen = change.seen_at.astimezone(zone)
    told = say_change(change.what, change.detail, "en", present_at=present, seen_at=seen)
    if change.changed_words:
        told += f" ({count(change.changed_words, 'word')} came or went)"
    title = change.title or "(no title)"
    lines = f"{told}\n{title}\n{change.url}"
    return str(change.article), f"{seen:%Y-%m-%d %H:%M}", spell_host(change.site), lines


def _copy_row(copy: NewCopy) -> tuple[str, str, str, str]:
    lines = f"{copy.title}\n{spell_host(copy.site)}, after {spell_host(copy.of_site)}"
    return str(copy.article), str(copy.of), copy.kind, lines
