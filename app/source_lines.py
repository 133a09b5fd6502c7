"""A source in plain words: how it stands, what it brings, what is wrong and what to do about it.

It prints nothing and decides nothing about when a source is asked.
"""

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import IntEnum

import msgspec

from app.output import local_time
from app.rhythms import say_rhythm
from model.plurals import count
from model.secrets import hide_secrets
from model.source import NoticeKind, Source, SourceState
from store.records import SourceReport


class Standing(IntEnum):
    """How a source stands, what a person should look at first."""

    FAILING = 0
    SILENT = 1
    LOOK = 2
    NEW = 3
    WELL = 4
    UNUSED = 5


WORDS = {
    Standing.FAILING: "FAILING",
    Standing.SILENT: "SILENT",
    Standing.LOOK: "LOOK",
    Standing.NEW: "new",
    Standing.WELL: "ok",
    Standing.UNUSED: "unused",
}

COUNTED = {
    Standing.FAILING: "failing",
    Standing.SILENT: "silent",
    Standing.LOOK: "to be looked at",
    Standing.NEW: "not asked yet",
    Standing.WELL: "well",
    Standing.UNUSED: "no longer in the configuration",
}

_BUSY = "busy"
"""The state of a source that is well, but whose host is to be left in peace for now."""

_REMEDIES = {
    "not_a_feed": "`vigie add` with the address of its site finds what it offers now.",
    "http_error": "If that lasts, `vigie add` with the address of its site finds what it offers.",
    "unreachable": "If that lasts, look whether its site still exists.",
    "bad_certificate": "Its owner must mend that; it is not read until then.",
    "robots": "Its robots.txt forbids it: ask its owner, or choose another source.",
    "redirects": "Open it in a browser and write the address that it ends at.",
    "too_large": "Choose a smaller feed of its site, or raise `max_bytes`.",
    "blocked_address": "It leads to where nothing is asked: correct its address.",
    "soft_block": "Its site shows a wall to programs; nothing gets round that.",
}

_SETTLE = "`vigie sources --accept {url}`"
_NOTICES = {
    NoticeKind.TAKEOVER: "Its new entries wait unread. If it is still the right source, {accept}"
    " lets them be read; else take it out of the configuration",
    NoticeKind.VOLUME: "They are kept and told in no digest. Once you have looked, {accept}"
    " puts this note away",
    NoticeKind.SHARED_GUID: "They are told apart by their addresses: nothing is lost. {accept}"
    " puts this note away",
    NoticeKind.MOVED: "{accept} puts this note away",
    NoticeKind.GONE: "What it brought is kept. `vigie add` finds where its site publishes now;"
    " then take it out of the configuration",
}


def as_configured(
    known: Iterable[SourceReport], configured: Sequence[Source]
) -> tuple[SourceReport, ...]:
    """Return what is known of sources as the configuration now has them, before any pass.

    One that was added since the last pass is new, and one that was taken out is in use no more.
    """
    by_url = {report.source.url: report for report in known}
    found = [_as_configured(by_url.pop(one.url, None), one) for one in configured]
    left = (msgspec.structs.replace(one, active=False) for one in by_url.values())
    return (*found, *left)


def _as_configured(known: SourceReport | None, source: Source) -> SourceReport:
    if known is not None:
        return msgspec.structs.replace(known, source=source, active=True)
    state = SourceState(url=source.url)
    return SourceReport(source=source, state=state, active=True, entries=0, kept=0, pending=0)


def standing_of(report: SourceReport) -> Standing:
    """Return how a source stands."""
    if not report.active:
        return Standing.UNUSED
    if report.state.state == "new":
        return Standing.NEW
    if report.state.state not in ("ok", "busy"):
        return Standing.FAILING
    if report.silent_since is not None:
        return Standing.SILENT
    return Standing.LOOK if report.notices else Standing.WELL


def say_standings(counts: Counter[Standing]) -> str:
    """Return how many sources stand how: `2 failing, 9 well`."""
    return ", ".join(f"{counts[one]} {COUNTED[one]}" for one in Standing if counts[one])


def say_head(report: SourceReport) -> str:
    """Return how a source stands and what it is called, in one line."""
    source = report.source
    lang = f", {source.lang}" if source.lang else ""
    called = source.name or hide_secrets(source.url)
    return f"{WORDS[standing_of(report)]:<8} {called} ({source.kind}{lang})"


def say_lines(report: SourceReport, timezone: str, now: datetime) -> tuple[str, ...]:
    """Return what else is said of a source: its address, its yield, its times, its troubles."""
    return tuple(_lines(report, timezone, now))


def _lines(report: SourceReport, timezone: str, now: datetime) -> Iterator[str]:
    source, state = report.source, report.state
    if source.name:
        yield hide_secrets(source.url)
    if state.state != "new":
        yield f"{_yield(report)}; {say_rhythm(state.rhythm_s)}."
        yield _times(report, timezone, now)
    elif not source.checked:
        yield "Nobody has seen it answer yet; `vigie run` asks it."
    if standing_of(report) is Standing.FAILING:
        yield from _failure(report)
    if report.active and state.state == _BUSY:
        yield f"It waits: {state.reason.rstrip('.')}."
    yield from _looks(report, timezone)


def _looks(report: SourceReport, timezone: str) -> Iterator[str]:
    """Yield what a person should look at, with what to do about it."""
    if report.active and report.silent_since is not None:
        since = local_time(report.silent_since, timezone)
        yield (
            f"! Silent since {since}, longer than its own rhythm"
            f" ({say_rhythm(report.state.rhythm_s)}): look whether its site publishes elsewhere."
        )
    for notice in report.notices:
        url = shlex.quote(hide_secrets(report.source.url))
        advice = _NOTICES[notice.what].format(accept=_SETTLE.format(url=url))
        seen = local_time(notice.noticed_at, timezone)
        yield f"! {_capital(notice.detail.rstrip('.'))} (seen {seen}). {advice}."


def _yield(report: SourceReport) -> str:
    waiting = f", {report.pending} still to be read" if report.pending else ""
    held = f", {report.held} held back" if report.held else ""
    entries = count(report.entries, "entry", "entries")
    return f"Kept {report.kept} of {entries} seen{waiting}{held}"


def _times(report: SourceReport, timezone: str, now: datetime) -> str:
    state = report.state
    answered = local_time(state.last_success_at, timezone) if state.last_success_at else "never yet"
    if not report.active:
        return f"Last answered well: {answered}."
    next_at = state.next_poll_at
    if next_at is None or next_at <= now:
        return f"Last answered well: {answered}. Asked again by the next pass."
    return f"Last answered well: {answered}. Asked again: {local_time(next_at, timezone)}."


def _failure(report: SourceReport) -> Iterator[str]:
    state = report.state
    times = "" if state.failures < 2 else f", {state.failures} times in a row"
    yield f"! {_capital(state.reason.rstrip('.') or state.state)}{times}."
    if remedy := _REMEDIES.get(state.state):
        yield remedy


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def source_facts(report: SourceReport) -> dict[str, object]:
    """Return a source as `--json` gives it."""
    source, state = report.source, report.state
    return {
        "url": hide_secrets(source.url),
        "name": source.name,
        "kind": source.kind,
        "lang": source.lang,
        "checked": source.checked,
        "watch": source.watch,
        "selector": source.selector,
        "fetch": source.fetch,
        "active": report.active,
        "state": state.state,
        "reason": state.reason,
        "failures": state.failures,
        "entries": report.entries,
        "kept": report.kept,
        "pending": report.pending,
        "held": report.held,
        "rhythm_s": state.rhythm_s,
        "interval_s": state.interval_s,
        "last_polled_at": state.last_polled_at,
        "last_success_at": state.last_success_at,
        "last_new_at": state.last_new_at,
        "next_poll_at": state.next_poll_at,
        "silent_since": report.silent_since,
        "notices": report.notices,
        "moved_to": None if state.moved_to is None else hide_secrets(state.moved_to),
        "address": None if state.address is None else hide_secrets(state.address),
    }
