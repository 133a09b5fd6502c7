"""When a page was published and changed, with the place that says so.

It never takes a date out of a script, and never guesses one in the future.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from itertools import chain, product
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from lxml.html import HtmlElement

from crawler.datelines import day_in_url, find_datelines, title_ends
from crawler.declared import CHANGED, Declared
from model.source import DateSource, Entry

_ISO = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*"
    r"(Z|UTC|GMT|[+-]\d{2}:?\d{2}(?!\d)|[+-]\d{2}(?!\d))?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january janvier januar enero gennaio janeiro januari jan janv ene",
            "february février fevrier februar febrero febbraio fevereiro februari feb fév"
            " fevr févr",
            "march mars märz marzo março maart mar mär",
            "april avril abril aprile apr avr abr",
            "may mai mayo maggio maio mei",
            "june juin juni junio giugno junho jun",
            "july juillet juli julio luglio julho jul juil",
            "august août aout agosto augustus aug aoû ago",
            "september septembre septiembre settembre setembro sep sept",
            "october octobre oktober octubre ottobre outubro oct okt",
            "november novembre noviembre novembro nov",
            "december décembre decembre dezember diciembre dicembre dezembro dec déc dez",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY_MONTH = re.compile(
    r"\b(\d{1,2})(?:er|st|nd|rd|th|\.)?\s+(?:de\s+)?([^\W\d_]{3,10})\.?,?\s+(?:de\s+)?(\d{4})\b"
)
_MONTH_DAY = re.compile(r"\b([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_NUMERIC = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
_SHORT_YEAR = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{2})\b(?!\.)")
_YEAR_FIRST = re.compile(
    r"\b(\d{4})(?:[./-]|\s*年\s*)(\d{1,2})(?:[./-]|\s*月\s*)(\d{1,2})(?:日|\b)"
)
# Where the year, the month and the day stand among the groups.
_WRITTEN = (
    (_DAY_MONTH, (2, 1, 0)),
    (_MONTH_DAY, (2, 0, 1)),
    (_NUMERIC, (2, 1, 0)),
    (_YEAR_FIRST, (0, 1, 2)),
    (_SHORT_YEAR, (2, 1, 0)),
)
_CLOCK = re.compile(r"\b(\d{1,2})\s*(?:[:hH]|\.(?=\d\d))\s*(\d{2})?(?:\s*([ap])\.?m\b)?", re.I)
_CLOCK_12 = re.compile(r"\b(\d{1,2})()\s*([ap])\.?m\b", re.I)
_EARLIEST = datetime(1991, 1, 1, tzinfo=UTC)
_LATEST_YEAR = 2100
_MAX_TITLE_CHARS = 300
_LATEST = datetime(_LATEST_YEAR, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=1)
"""Clocks and zones differ: what lies within a day of now is not in the future."""

# The zone of a time written without one: the country's, when it has only one on its mainland.
_ZONES = dict(
    pair.split(":")
    for pair in (
        "fr:Europe/Paris mc:Europe/Monaco be:Europe/Brussels ch:Europe/Zurich lu:Europe/Luxembourg"
        " de:Europe/Berlin at:Europe/Vienna it:Europe/Rome es:Europe/Madrid nl:Europe/Amsterdam"
        " uk:Europe/London ie:Europe/Dublin no:Europe/Oslo se:Europe/Stockholm fi:Europe/Helsinki"
        " dk:Europe/Copenhagen pl:Europe/Warsaw cz:Europe/Prague hu:Europe/Budapest"
        " ro:Europe/Bucharest bg:Europe/Sofia gr:Europe/Athens ua:Europe/Kyiv lt:Europe/Vilnius"
        " lv:Europe/Riga ee:Europe/Tallinn tr:Europe/Istanbul il:Asia/Jerusalem lb:Asia/Beirut"
        " in:Asia/Kolkata pk:Asia/Karachi jp:Asia/Tokyo kr:Asia/Seoul cn:Asia/Shanghai"
        " tw:Asia/Taipei hk:Asia/Hong_Kong sg:Asia/Singapore ph:Asia/Manila"
        " ma:Africa/Casablanca dz:Africa/Algiers tn:Africa/Tunis sn:Africa/Dakar"
        " ci:Africa/Abidjan cm:Africa/Douala ng:Africa/Lagos ke:Africa/Nairobi"
        " za:Africa/Johannesburg na:Africa/Windhoek re:Indian/Reunion mg:Indian/Antananarivo"
        " gp:America/Guadeloupe mq:America/Martinique gf:America/Cayenne ht:America/Port-au-Prince"
        " nc:Pacific/Noumea pf:Pacific/Tahiti nz:Pacific/Auckland"
    ).split()
)
_FRENCH_ZONES = {"ca": "America/Toronto"}
"""Where French is written in a country of several zones; elsewhere it is taken for France's."""
_PUBLISHED_KEYS = ("datePublished", "dateCreated", "uploadDate")
_PUBLISHED_METAS = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished",
    "og:published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime", "dc.date.issued", "dcterms.issued", "dcterms.created",
    "dc.date.created", "dcterms.date", "dc.date", "citation_publication_date", "citation_date",
    "citation_online_date", "pubdate", "publishdate", "publish-date", "publish_date",
    "publication_date", "date.available", "rnews:datepublished", "displaydate",
    "iso-8601-publish-date", "originalpublicationdate", "date",
)  # fmt: skip
_MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "og:article:modified_time", "datemodified",
    "article:modified", "dcterms.modified", "dc.date.modified", "lastmod", "last-modified",
    "revised",
)  # fmt: skip


class Moment(msgspec.Struct, frozen=True):
    """A point in time and how exactly it was written: `second`, `minute` or `day`.

    A day alone is its midnight in UTC, so that its date survives being stored in UTC.
    """

    at: datetime
    precision: str


class Dating(msgspec.Struct, frozen=True, kw_only=True):
    """When a page says it was published and changed."""

    published: Moment | None
    source: DateSource | None
    modified_at: datetime | None


def zone_of(url: str, lang: str | None = None) -> tzinfo:
    """Return the zone that a time without one means on the site of `url`."""
    country = (urlsplit(url).hostname or "").rsplit(".", 1)[-1]
    name = _ZONES.get(country)
    if name is None and lang == "fr":
        name = _FRENCH_ZONES.get(country, "Europe/Paris")
    return ZoneInfo(name) if name else UTC


def parse_time(value: Any, zone: tzinfo) -> Moment | None:
    """Return the moment that a declared value names, None when it names none since 1991."""
    text = str(value).strip()[:80] if isinstance(value, str | int | float) else ""
    for parse in (_parse_iso, _parse_epoch, _parse_rfc, _parse_words):
        try:
            moment = parse(text, zone)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        if moment is not None:
            return moment if moment.at >= _EARLIEST and moment.at.year < _LATEST_YEAR else None
    return None


def _parse_iso(text: str, zone: tzinfo) -> Moment | None:
    found = _ISO.match(text) or _COMPACT.match(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, *rest = found.groups()
    if hour is None:
        return Moment(datetime(int(year), int(month), int(day), tzinfo=UTC), "day")
    at = datetime(
        int(year), int(month), int(day), int(hour), int(minute), int(second or 0),
        tzinfo=_offset(rest[0], zone),
    )  # fmt: skip
    return Moment(at, "second" if second else "minute")


def _offset(text: str | None, zone: tzinfo) -> tzinfo:
    if not text:
        return zone
    if text in {"Z", "UTC", "GMT"}:
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    # Through datetime's own parser: it refuses offsets of a day and more.
    sign = text[0]
    return datetime.strptime(f"{sign}{minutes // 60:02}{minutes % 60:02}", "%z").tzinfo or zone


def _parse_epoch(text: str, zone: tzinfo) -> Moment | None:
    if not re.fullmatch(r"\d{10}(\d{3})?(\.\d+)?", text):
        return None
    seconds = float(text) / (1000 if len(text.split(".")[0]) == 13 else 1)
    return Moment(datetime.fromtimestamp(seconds, UTC), "second")


def _parse_rfc(text: str, zone: tzinfo) -> Moment | None:
    if not re.match(r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d{1,2}:", text):
        return None
    at = parsedate_to_datetime(text)
    return Moment(at if at.tzinfo else at.replace(tzinfo=zone), "second")


def _parse_words(text: str, zone: tzinfo) -> Moment | None:
    """Read `17 novembre 2023 à 16h58`, `November 17, 2023 at 4:58 p.m.`, `17.11.2023, 16:58`."""
    for pattern, order in _WRITTEN:
        for found in pattern.finditer(text):
            parts = found.groups()
            year, month, day = (parts[place] for place in order)
            if at := _day(year, month, day):
                rest = text[: found.start()] + " " + text[found.end() :]
                return _with_clock(at.replace(tzinfo=zone), rest)
    return None


def _day(year: str, month: str, day: str) -> datetime | None:
    """Return a written day; the month of `11/17/2023` is the number that can be one."""
    in_year = int(year) + (2000 if len(year) == 2 else 0)
    number = _month(month)
    if number is None:
        return None
    if number > 12 and int(day) <= 12:
        return datetime(in_year, int(day), number)
    return datetime(in_year, number, int(day)) if number <= 12 else None


def _month(word: str) -> int | None:
    return int(word) if word.isdecimal() else _MONTHS.get(word.lower())


def _with_clock(at: datetime, text: str) -> Moment:
    found = _CLOCK.search(text) or _CLOCK_12.search(text)
    if found is None:
        return Moment(at.replace(tzinfo=UTC), "day")
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        return Moment(at.replace(tzinfo=UTC), "day")
    return Moment(at.replace(hour=hour, minute=minute), "minute")


def date_page(
    tree: HtmlElement,
    declared: Declared,
    url: str,
    *,
    entry: Entry | None,
    seen_at: datetime | None,
    zone: tzinfo,
) -> Dating:
    """Return when the page was published and changed, the most trusted statement first.

    What lies after `seen_at` is taken only when nothing else is stated, and never guessed.
    """
    latest = seen_at + _AHEAD if seen_at else _LATEST
    published, source = (
        _stated(declared, entry, zone, latest)
        or _guess(tree, declared, url, zone, latest)
        or (None, None)
    )
    return Dating(
        published=published,
        source=source,
        modified_at=_modified(declared, entry, published, zone, latest),
    )


def _stated(
    declared: Declared, entry: Entry | None, zone: tzinfo, latest: datetime
) -> tuple[Moment, DateSource] | None:
    ahead = None
    for value, source in _published_values(declared, entry):
        if moment := parse_time(value, zone):
            if moment.at <= latest:
                return moment, source
            ahead = ahead or (moment, source)
    return ahead


def _modified(
    declared: Declared,
    entry: Entry | None,
    published: Moment | None,
    zone: tzinfo,
    latest: datetime,
) -> datetime | None:
    """Return when the page was last changed: not before its publication, nor in the future."""
    values = [*_modified_values(declared)]
    if entry and entry.modified_at:
        values.append(entry.modified_at.isoformat())
    moments = (parse_time(value, zone) for value in values)
    return next(
        (moment.at for moment in moments if moment and _is_change(moment, published, latest)), None
    )


def _is_change(moment: Moment, published: Moment | None, latest: datetime) -> bool:
    if moment.at > latest:
        return False
    if published is None or "day" not in {moment.precision, published.precision}:
        return published is None or moment.at >= published.at
    return moment.at.date() >= published.at.date()


def _published_values(declared: Declared, entry: Entry | None) -> Iterator[tuple[Any, DateSource]]:
    for node, key in product((declared.article, declared.webpage), _PUBLISHED_KEYS):
        if key in node:
            yield _scalar(node[key]), DateSource.JSON_LD
    metas = (value for name in _PUBLISHED_METAS for value in declared.metas.get(name, ()))
    for value in chain(metas, declared.microdata.get("datePublished", ())):
        yield value, DateSource.META
    if entry is not None and entry.published_at is not None:
        yield entry.published_at.isoformat(), DateSource.FEED
    published = [tag for tag in declared.times if tag.rank < CHANGED]
    for tag in sorted(published, key=lambda tag: tag.rank)[:5]:
        yield tag.value, DateSource.TEXT
        yield tag.words, DateSource.TEXT


def _modified_values(declared: Declared) -> Iterator[Any]:
    for node in (declared.article, declared.webpage):
        if "dateModified" in node:
            yield _scalar(node["dateModified"])
    for name in _MODIFIED_METAS:
        yield from declared.metas.get(name, ())
    yield from declared.microdata.get("dateModified", ())
    yield from (tag.value or tag.words for tag in declared.times if tag.rank == CHANGED)


def _scalar(value: Any) -> Any:
    if isinstance(value, dict):
        return value.get("@value")
    return value[0] if isinstance(value, list) and value else value


def _guess(
    tree: HtmlElement, declared: Declared, url: str, zone: tzinfo, latest: datetime
) -> tuple[Moment, DateSource] | None:
    """Return the date printed beside the headline, else the one of the address or page title.

    Only a line that says "published" is called text, all else a guess.
    """
    printed = [
        (moment, DateSource.TEXT if line.is_said else DateSource.GUESS)
        for line in find_datelines(tree, declared)
        if (moment := _past(line.text, zone, latest))
    ]
    if printed and printed[0][1] is DateSource.TEXT:
        return printed[0]
    if day := _past(day_in_url(url), zone, latest):
        same = (one for one in printed if one[0].at.date() == day.at.date())
        return next(same, (day, DateSource.GUESS))
    ends = (_past(end, zone, latest) for end in title_ends(declared.title[-_MAX_TITLE_CHARS:]))
    named = ((moment, DateSource.GUESS) for moment in ends if moment)
    return next(chain(named, printed), None)


def _past(value: Any, zone: tzinfo, latest: datetime) -> Moment | None:
    moment = parse_time(value, zone)
    return moment if moment and moment.at <= latest else None
