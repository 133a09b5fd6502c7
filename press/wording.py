"""Dates and durations as the invented papers print them, in French and in English.

Pure functions, also used as filters of the templates.
"""

from datetime import datetime
from email.utils import format_datetime
from html import escape

from press.catalogue import PressArticle

DAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
}
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86400
UNITS = (
    (DAY_S, {"fr": "jour", "en": "day"}),
    (HOUR_S, {"fr": "heure", "en": "hour"}),
    (MINUTE_S, {"fr": "minute", "en": "minute"}),
)


def day(at: datetime, lang: str) -> str:
    """Return `mardi 21 novembre 2023` or `Tuesday 21 November 2023`."""
    month = MONTHS[lang].split()[at.month - 1]
    ordinal = "1er" if lang == "fr" and at.day == 1 else at.day
    return f"{DAYS[lang][at.weekday()]} {ordinal} {month} {at.year}"


def clock(at: datetime) -> str:
    """Return `14h26`."""
    return f"{at.hour:02d}h{at.minute:02d}"


def moment(at: datetime, lang: str) -> str:
    """Return the day and the time as a byline gives them."""
    if lang == "fr":
        return f"{day(at, lang)} à {clock(at)}"
    return f"{day(at, lang)}, {at.hour:02d}:{at.minute:02d}"


def short_date(at: datetime) -> str:
    """Return `21/11/2023`."""
    return f"{at.day:02d}/{at.month:02d}/{at.year}"


def ago(article: PressArticle, now: datetime, lang: str) -> str:
    """Return how long ago an article was published, in the largest whole unit."""
    seconds = int((now - article.published).total_seconds())
    for size, names in UNITS:
        if seconds >= size:
            count = seconds // size
            unit = names[lang] + ("s" if count > 1 else "")
            return f"il y a {count} {unit}" if lang == "fr" else f"{count} {unit} ago"
    return "à l'instant" if lang == "fr" else "just now"


def rfc822(at: datetime) -> str:
    """Return a date of RSS 2.0."""
    return format_datetime(at)


def tag_uri(article: PressArticle) -> str:
    """Return an Atom id that does not depend on the address (RFC 4151)."""
    return f"tag:{article.host},{article.published.date().isoformat()}:{article.slug}"


def paragraph_html(text: str) -> str:
    """Return a text as one HTML paragraph, to be escaped again where XML carries it."""
    return f"<p>{escape(text)}</p>"


def blocks_html(article: PressArticle) -> str:
    """Return an article's body as HTML, to be escaped again where XML carries it."""
    return "\n".join(f"<{kind}>{escape(text)}</{kind}>" for kind, text in article.blocks)


FILTERS = {
    one.__name__: one
    for one in (day, clock, moment, short_date, ago, rfc822, tag_uri, paragraph_html, blocks_html)
}
