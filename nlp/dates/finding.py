"""Every date a French or English text names: days, months, years, intervals, relative dates.

The words and their orders stand in `date_words`, what they mean in `date_values`. Nothing here
asks the clock: relative dates follow from the day of publication given, or from the text.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from model.mention import DateMention, Precision
from nlp.dates.feasts import find_feasts
from nlp.dates.guess import guess_own_day
from nlp.dates.names import is_bare_year, is_name
from nlp.dates.numbers import find_numeric
from nlp.dates.parts import Expression, Setting, Token
from nlp.dates.rules import VOCABULARIES, Vocabulary
from nlp.dates.story import is_entry, resolve
from nlp.dates.words import GAPS, LETTERS, NAMES, WEEKS, Word

_WORD = re.compile(r"\w+")
_GAPS = {
    **dict.fromkeys((" '", " ’", " ‘"), GAPS[0]),
    **dict.fromkeys((" ", "  ", "\n", "\r\n", "\u00a0", "\u202f", "'", "’", " \n"), GAPS[0]),
    **dict.fromkeys((", ", ",\n", ",\u00a0", " , "), GAPS[1]),
    **dict.fromkeys(("-", "‐", "‑", "–", " - ", " – ", "-'", "-’"), GAPS[2]),
}
_DIGITS = re.compile(r"(\d{1,4})(st|nd|rd|th|er|s|e|è|ème|eme|nde|re)?")
_FRENCH_ORDINAL = frozenset({"e", "è", "ème", "eme", "nde", "re"})
_SHORTENED = re.compile(r"\.|\s(?:19|20)\d\d\b")
"""What stands behind "sept" where it is a month and not a number."""
_OTHER = Word(LETTERS["OTHER"], 0)
_ABBREVIATED = frozenset(LETTERS[name] for name in ("ABBR", "WDAY"))


def find_dates(text: str, lang: str | None, published_on: date | None) -> tuple[DateMention, ...]:
    """Return the dates `text` names, in order; other languages than fr and en have numeric ones.

    Without `published_on`, the text's own dates stand in for it where they can, and what follows
    from them is marked inferred.
    """
    plain, places = _composed(text)
    vocabulary = VOCABULARIES.get((lang or "")[:2])
    numeric = tuple(find_numeric(plain, lang))
    found = _find_expressions(plain, vocabulary, numeric) if vocabulary else []
    found = _with_feasts(plain, (lang or "")[:2], found) if vocabulary else []
    reference, basis = published_on, ""
    if published_on is None:
        reference, basis = guess_own_day(plain, found, numeric)
    setting = Setting(reference=reference, known=published_on is not None)
    mentions = [*numeric, *resolve(plain, lang or "", (found, numeric), setting, basis)]
    mentions.sort(key=lambda mention: mention.start)
    return tuple(_at_original(mention, text, places) for mention in mentions)


class InferredDay(NamedTuple):
    """A day of publication that follows from a text, and why."""

    on: date
    basis: str


def infer_published_on(dates: Iterable[DateMention]) -> InferredDay | None:
    """Return the latest day the text dates, for a text whose publication is not known."""
    days = [mention for mention in dates if mention.precision is Precision.DAY]
    if not days:
        return None
    latest = max(days, key=lambda mention: mention.from_on)
    why = f"the latest day the text dates is {latest.from_on} (“{latest.text}”)"
    return InferredDay(latest.from_on, f"{why}; {latest.basis}" if latest.basis else why)


# Reading the words


def _composed(text: str) -> tuple[str, list[int] | None]:
    """Return the text with composed accents, and where each of its characters stood."""
    if unicodedata.is_normalized("NFC", text):
        return text, None
    parts: list[str] = []
    places: list[int] = []
    for cluster in re.finditer(r"(?s).[\u0300-\u036f]{0,9}", text):
        part = unicodedata.normalize("NFC", cluster[0])
        parts.append(part)
        places.extend([cluster.start()] * len(part))
    return "".join(parts), [*places, len(text)]


def _at_original(mention: DateMention, text: str, places: list[int] | None) -> DateMention:
    if places is None:
        return mention
    start, end = places[mention.start], places[mention.end]
    return msgspec.structs.replace(mention, start=start, end=end, text=text[start:end])


class _Read(NamedTuple):
    """A text as two characters a word (the gap before it, its class), and each word's place."""

    codes: str
    spans: list[tuple[int, int]]
    words: list[Word]


def _scan(text: str, vocabulary: Vocabulary) -> _Read:
    forms, dotted = vocabulary.forms, vocabulary.dotted
    codes: list[str] = []
    spans: list[tuple[int, int]] = []
    words: list[Word] = []
    before = 0
    for match in _WORD.finditer(text):
        start, end = span = match.span()
        form = match[0]
        word = forms.get(form, _OTHER)
        gap = _GAPS.get(text[before:start], GAPS[3]) if start - before < 4 else GAPS[3]
        before = end
        if word is _OTHER and form[0].isdigit():
            word = _number(form, text, start, end)
        elif form in dotted and _SHORTENED.match(text, end):
            word = dotted[form]
            before += word.letter in _ABBREVIATED and text[end] == "."
        codes.append(gap + word.letter)
        spans.append(span)
        words.append(word)
    return _Read("".join(codes), spans, words)


def _tokens(text: str, read: _Read, first: int, last: int) -> tuple[Token, ...]:
    """Return the words of a match as tokens."""
    places = zip(read.spans[first:last], read.words[first:last], strict=True)
    return tuple(
        Token(start, end, word.letter, word.value, text[start:end].lower())
        for (start, end), word in places
    )


def _number(form: str, text: str, start: int, end: int) -> Word:
    """Return what a number can be: a day, a year, a count; nothing inside a longer figure."""
    match = _DIGITS.fullmatch(form)
    if match is None or _is_in_figure(text, start, end):
        return _OTHER
    value = int(match[1])
    if len(match[1]) == 4 and 1700 <= value < 2100:
        name = "DECADE" if form.endswith("s") else "YEAR" if form.isdigit() else "OTHER"
    elif form.endswith("0s") and text[start - 1 : start] in ("'", "’"):
        name, value = "DECADE", value + (1900 if value > 20 else 2000)
    elif match[2] in _FRENCH_ORDINAL and value <= 31:
        name = "ORDINAL"
    elif 1 <= value <= 31:
        name = "DAY"
    else:
        name = "NUM" if value < 1000 else "OTHER"
    return Word(LETTERS[name], value)


def _is_in_figure(text: str, start: int, end: int) -> bool:
    """Say whether a number is part of a price, a law's number, a time, a decimal."""
    if start and text[start - 1] in "$€£#°№/.,:+":
        return text[start - 1] not in ".,:" or text[max(start - 2, 0)].isdigit()
    after = text[end : end + 2]
    if after[:1] in tuple(".,:/") and after[1:].isdigit():
        return True
    if after[:1] in tuple("%€$£°/"):
        return True
    return after[:1] == "-" and after[1:].isdigit() and not _is_pair(text, start, end)


def _is_pair(text: str, start: int, end: int) -> bool:
    """Say whether a hyphen joins two years or two days rather than a number's parts."""
    rest = _DIGITS.match(text, end + 1)
    if rest is None:
        return False
    years = end - start == 4 and text[start:end] < text[start : end - len(rest[1])] + rest[1]
    years = years and len(rest[1]) in (2, 4)
    days = len(rest[1]) <= 2 and end - start <= 2
    return (years or days) and not text.startswith("-", rest.end())


def _find_expressions(
    text: str, vocabulary: Vocabulary, numeric: Sequence[DateMention]
) -> list[Expression]:
    read = _scan(text, vocabulary)
    taken = {offset for mention in numeric for offset in range(mention.start, mention.end)}
    found = []
    for match in vocabulary.rules.finditer(read.codes):
        part = _tokens(text, read, match.start() // 2, match.end() // 2)
        kind = (match.lastgroup or "").partition("__")[0]
        one = _without_unit(Expression(kind, *_extent(part), part))
        if kind == "heading" and NAMES[part[0].letter] == "YEAR" and not is_entry(text, one):
            one = one._replace(kind="bare_year")
        if one.start in taken or _is_described(one, text, vocabulary):
            continue
        if not is_name(one, text) and _is_placed(one, text, vocabulary):
            found.append(one)
    return found


def _with_feasts(text: str, lang: str, found: list[Expression]) -> list[Expression]:
    """Return the expressions and the feasts between them, in order."""
    feasts = list(find_feasts(text, lang))
    if not feasts:
        return found
    taken = {offset for one in feasts for offset in range(one.start, one.end)}
    free = [one for one in found if one.start not in taken and one.end - 1 not in taken]
    return sorted([*free, *feasts], key=lambda one: one.start)


def _without_unit(one: Expression) -> Expression:
    """Return the day alone where it is no week's: "mise à jour du 10 avril" names a day."""
    unit = one.tokens[1 if NAMES[one.tokens[0].letter] == "THE" else 0]
    if one.kind != "week_of" or unit.value == WEEKS:
        return one
    rest = one.tokens[one.tokens.index(unit) + 2 :]
    return Expression("day", *_extent(rest), rest)


def _extent(tokens: Sequence[Token]) -> tuple[int, int]:
    return tokens[0].start, tokens[-1].end


def _is_described(one: Expression, text: str, vocabulary: Vocabulary) -> bool:
    """Say whether a weekday, or a day without a year, is "a Monday", "un 15 décembre"."""
    if one.kind == "day" and vocabulary is VOCABULARIES["en"]:  # "a March 5 hearing"
        return False
    if one.kind not in {"day", "weekday"} or any(
        NAMES[each.letter] == "YEAR" for each in one.tokens
    ):
        return False
    return vocabulary.indefinite.search(text, max(0, one.start - 4), one.start) is not None


_BEFORE_THAT = re.compile(r"(?:[,;:—–(]|\b(?:on|of|by|and|later|earlier|early|late|until))\s\Z")
_COMPARED = re.compile(r"\s+(?:qu(?:e\b|['’])|than\b)")


def _is_placed(one: Expression, text: str, vocabulary: Vocabulary) -> bool:
    """Say whether a date that is one only in its place stands there: at the head of an entry."""
    if one.kind == "heading":
        return is_entry(text, one)
    if one.kind in {"later", "earlier"}:  # "ten days earlier than usual" counts from no date
        return _COMPARED.match(text, one.end) is None
    if one.kind == "deictic" and text[one.start].isupper():  # the paper "Border Today"
        return not text[max(0, one.start - 2) : one.start - 1].isalnum()
    if one.kind == "bare_year":
        return is_bare_year(one, text, english=vocabulary is VOCABULARIES["en"])
    if one.kind == "then_day" and text.startswith("that ", one.start):  # "says that night maps"
        return _BEFORE_THAT.search(text, max(0, one.start - 9), one.start) is not None
    if one.kind != "day_alone":
        return True
    opens = text[max(0, one.start - 4) : one.start].lstrip().startswith(("Le", "The"))
    return opens and text.startswith(",", one.end)
