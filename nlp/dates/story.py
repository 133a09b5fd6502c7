"""What dates mean in the story a text tells: counted from each other, their years in its order.

Nothing here finds a date in a text or asks the clock.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from model.mention import DateMention, Precision
from nlp.dates.names import counts, famous_year
from nlp.dates.numbers import mention_of
from nlp.dates.parts import Expression, Meaning, Setting
from nlp.dates.tense import SENTENCE_END, looks_ahead
from nlp.dates.values import find_meaning
from nlp.dates.words import NAMES

YEAR_REACH = 250
"""How far back, in characters, a written year still rules days without one."""

PARAGRAPH_REACH = 1500
"""How far back, in characters, the paragraph before may have named a day that still rules."""

NARRATED_KEPT = 8
"""How many of the last dates an expression may count from, so that none is looked for long."""

SLACK_DAYS = 45
"""How far a date may lie from the "nine months later" it explains, which counts roughly."""

_COUNTED = frozenset("later earlier around hours ago unit_after unit_before relative".split())
_EXPLICIT = frozenset(
    "day month part season interval year quarter weekday_day bare_year half week_of".split()
)

_ENTRY_BEFORE = re.compile(r"(?:\A|[.!?:;–•*#\n-])\s*\Z")
_ENTRY_AFTER = re.compile(r"\s?[.:–—]\s")
_LINE_BEFORE = re.compile(r"(?:\A|\n)[#\s]*\Z")
_LINE_AFTER = re.compile(r"[ :.]*(?:\n|\Z)")


def is_entry(text: str, one: Expression) -> bool:
    """Say whether an expression is the head of an entry of a chronology, or a line of its own."""
    first = max(0, one.start - 5)
    if _ENTRY_AFTER.match(text, one.end):
        return _ENTRY_BEFORE.search(text, first, one.start) is not None
    alone = _LINE_AFTER.match(text, one.end) is not None
    return alone and _LINE_BEFORE.search(text, first, one.start) is not None


MOST_DATES = 8_000
"""So many expressions of one text are read, the first: no text that somebody wrote holds more, and
each costs some 50 µs."""


def resolve(
    text: str,
    lang: str,
    dates: tuple[Sequence[Expression], Sequence[DateMention]],
    setting: Setting,
    basis: str,
) -> Iterator[DateMention]:
    """Return the expressions that mean a day or more; those in figures are only counted from."""
    story = _Story(text, setting)
    found: list[Expression | DateMention] = [*dates[0], *dates[1]]
    for one in sorted(found, key=lambda each: each.start)[:MOST_DATES]:
        story.turn_page(one.start)
        if isinstance(one, DateMention):
            yield from _mentions(text, story.release(None, None), setting, basis)
            story.remember_figures(one)
            continue
        setting.future = looks_ahead(text, lang, one)
        yield from _mentions(text, story.tell(one), setting, basis)
    yield from _mentions(text, story.release(None, None), setting, basis)


class _Told(NamedTuple):
    """An expression with its meaning."""

    one: Expression
    meaning: Meaning | None


def _mentions(
    text: str, told: Sequence[_Told], setting: Setting, basis: str
) -> Iterator[DateMention]:
    for one, meaning in told:
        if meaning is None:
            continue
        inferred = bool(meaning.basis) and not setting.known
        if inferred and basis:
            meaning = meaning._replace(basis=basis)
        yield mention_of(text, one.start, one.end, meaning, inferred=inferred)


class _Story:
    """A text read from its beginning: its setting, and a relative expression not yet settled."""

    def __init__(self, text: str, setting: Setting) -> None:
        self._text = text
        self._setting = setting
        self._held: _Told | None = None
        self._before: Expression | None = None
        self._meant: Meaning | None = None
        self._read_to = 0
        self._ruled_from, self._ruled_to = 0, 0
        self._opening: tuple[Meaning, int] | None = None
        self._entry: Meaning | None = None

    def turn_page(self, start: int) -> None:
        """Forget what only a paragraph, or what only a section, says."""
        text, setting = self._text, self._setting
        between = text[self._read_to : start]
        if "\n" in between and not self._is_under_heading(between):
            setting.month = setting.here = None
        if "\n#" in between:
            setting.section = None
        if start > self._ruled_to and not self._opens_next(start):
            setting.ruling = None

    def _is_under_heading(self, between: str) -> bool:
        line = self._text.rfind("\n", 0, self._read_to) + 1
        return self._text.startswith("#", line) and not between.strip("\n").count("\n")

    def _opens_next(self, start: int) -> bool:
        """Say whether a date opens the paragraph that follows the ruling date's own."""
        ruling = self._setting.ruling
        if ruling is None or start - self._ruled_from > PARAGRAPH_REACH:
            return False
        if ruling.precision is not Precision.DAY:
            return False
        if _PARAGRAPH_OPENING.search(self._text, max(0, start - 14), start) is None:
            return False
        between = self._text[self._ruled_from : start]
        return len(re.findall(r"\n+", between)) == 1 and "\n#" not in between

    def tell(self, one: Expression) -> list[_Told]:
        """Return what is settled once this expression is read: the one held, this one, or none."""
        setting, text = self._setting, self._text
        is_entry_head = is_entry(text, one)
        setting.entry = self._entry if is_entry_head else None
        setting.near = self._near(one)
        setting.beside, setting.joined = self._beside(one)
        setting.famous = famous_year(one, text)
        setting.clock = _CLOCK.search(text, max(0, one.start - 20), one.start) is not None
        if not self._is_explained(one):
            self._keep_held()
        meaning = find_meaning(one.kind, one.tokens, setting)
        if one.kind == "weekday_day" and (meaning is None or counts(text, one.end)):
            first = one.tokens[0]  # "tué lundi 18 civils"
            one = Expression("weekday", first.start, first.end, one.tokens[:1])
            meaning = find_meaning(one.kind, one.tokens, setting)
        settled = self.release(one, meaning)
        told = _Told(one, meaning)
        is_counted = one.kind in _COUNTED
        repeats = is_counted and self._repeats_before(one)
        self._before, self._read_to, self._meant = one, one.end, meaning
        if repeats:
            return settled
        if is_counted:
            self._held = told
            return settled
        if meaning is not None:
            self._keep(told)
            if is_entry_head and self._is_past(meaning):
                self._entry = meaning
        return [*settled, told]

    def release(self, one: Expression | None, meaning: Meaning | None) -> list[_Told]:
        """Return the held expression, unless this one says exactly what it means."""
        held, self._held = self._held, None
        if held is None:
            return []
        if one is None or meaning is None or not self._is_same_clause(held.one, one):
            return [held]
        explained = _is_apposed(self._text, held.one, one) or (
            held.one.kind != "ago" and _holds(held, meaning)
        )
        return [] if explained else [held]

    def remember_figures(self, mention: DateMention) -> None:
        """Keep a date written in figures for what is counted from it."""
        self._keep_held()
        self._read_to = mention.end
        self._narrate(Meaning(mention.from_on, mention.to_on, mention.precision))

    def _is_same_clause(self, held: Expression, one: Expression) -> bool:
        if one.kind not in _EXPLICIT or one.start - held.end > YEAR_REACH:
            return False
        return SENTENCE_END.search(self._text, held.end, one.start) is None

    def _is_explained(self, one: Expression) -> bool:
        held = self._held
        return (
            held is not None
            and self._is_same_clause(held.one, one)
            and _is_apposed(self._text, held.one, one)
        )

    def _near(self, one: Expression) -> Meaning | None:
        """Return the days a relative expression in the same clause leaves to this one."""
        held = self._held
        if held is None or held.meaning is None or not self._is_same_clause(held.one, one):
            return None
        near = held.meaning
        if not _is_apposed(self._text, held.one, one):
            return near
        slack = timedelta(days=SLACK_DAYS)
        return near._replace(from_on=near.from_on - slack, to_on=near.to_on + slack)

    def _beside(self, one: Expression) -> tuple[Meaning | None, Meaning | None]:
        """Return the date before in the sentence, and again where this one goes on from it."""
        before, text = self._before, self._text
        if before is None or self._meant is None or one.start - before.end > YEAR_REACH:
            return None, None
        between = text[before.end : one.start]
        if SENTENCE_END.search(between) is not None:
            return None, None
        joins = before.kind == "weekday" and _JOINED.fullmatch(between) is not None
        return self._meant, self._meant if joins else None

    def _repeats_before(self, one: Expression) -> bool:
        """Say whether ", two days later," only explains the date right before it."""
        before, text = self._before, self._text
        return (
            before is not None
            and before.kind in _EXPLICIT
            and text[before.end : one.start] == ", "
            and text[one.end : one.end + 1] in (",", ".")
        )

    def _keep_held(self) -> None:
        if self._held is not None and self._held.meaning is not None:
            self._keep(self._held)

    def _keep(self, told: _Told) -> None:
        """Keep what later dates may be counted from, or take their year from."""
        one, meaning = told
        setting, text = self._setting, self._text
        if meaning is None or _is_present(one) or _is_aside(text, one):
            return
        if self._opening and one.start < self._opening[1]:
            if meaning.from_on < self._opening[0].from_on:  # told aside, as in "since Tuesday"
                return
        elif _SENTENCE_OPENING.search(text, max(0, one.start - 12), one.start):
            stop = SENTENCE_END.search(text, one.end, one.end + YEAR_REACH)
            self._opening = meaning, stop.start() if stop else one.end + YEAR_REACH
        self._narrate(meaning)
        if _is_of_section(text, one):
            setting.section = meaning
        if _rules(text, one, meaning) and (_has_year(one) or self._is_ruling(meaning)):
            setting.ruling, self._ruled_from = meaning, one.end
            self._ruled_to = _next_sentence_end(text, one.end)

    def _is_ruling(self, meaning: Meaning) -> bool:
        """Say whether a date without a year rules: not a whole month that is only guessed ahead."""
        return meaning.precision is Precision.DAY or self._is_past(meaning)

    def _is_past(self, meaning: Meaning) -> bool:
        reference = self._setting.reference
        return reference is None or meaning.from_on <= reference

    def _narrate(self, meaning: Meaning) -> None:
        setting = self._setting
        setting.narrated.append(meaning)
        del setting.narrated[:-NARRATED_KEPT]
        if meaning.precision in (Precision.DAY, Precision.MONTH):
            setting.month = meaning.from_on.replace(day=1)
        if (meaning.to_on - meaning.from_on).days < 7:
            setting.here = meaning


_CLOCK = re.compile(r"\d\s?[ap]\.?m\.?(?:\s[A-Z]{2,4})?(?:,?\son)?\s\Z")
_JOINED = re.compile(
    r"\s*(?:,|et|and|ou|or|and/or|et/ou|puis|then|to|à|au)\s+(?:le\s+|on\s+|du\s+)?", re.IGNORECASE
)
_APPOSED = re.compile(
    r"\s*[,:(–—]?\s*(?:(?:jour pour jour|to the day)\s*[,:]?\s*)?"
    r"(?:(?:le|la|les|l['’]|en|au|à|on|in|the)\s*)*\Z"
)


def _is_apposed(text: str, held: Expression, one: Expression) -> bool:
    """Say whether a date stands right behind a relative expression: "nine days later, on 3 May"."""
    return one.start - held.end < 50 and _APPOSED.match(text[held.end : one.start]) is not None


def _holds(held: _Told, meaning: Meaning) -> bool:
    """Say whether an explicit date lies within what a relative expression of its clause means."""
    outer = held.meaning
    return outer is not None and outer.from_on <= meaning.from_on <= meaning.to_on <= outer.to_on


def _is_present(one: Expression) -> bool:
    """Say whether an expression names the writer's own time, from which no story counts."""
    names = {NAMES[token.letter] for token in one.tokens}
    if one.kind == "deictic":
        return one.tokens[0].value == 0
    return one.kind == "today" or (one.kind == "unit" and not names & {"LAST", "NEXT"})


_SENTENCE_OPENING = re.compile(r"(?:\A|[.!?:;]\s|\n)\W*(?:(?:Le|Dès|En|Au|On|In|By|Since)\s)?\Z")
_PARAGRAPH_OPENING = re.compile(r"\n\W*(?:(?:Le|Dès|En|Au|On|In|By|Fin|Début)[\s-])?\Z")
_OPENING = re.compile(r"(?:\A|[.!?]\s|\n)\W*(?:En|In|Fin|Début|Mi|Late|Early|Mid)[\s-]+\Z")
_OF_A_LAW = re.compile(
    r"\b(?:loi|décret|ordonnance|arrêté|directive|règlement|law|act|decree|directive)\b[^.]{0,40}\Z",
    re.IGNORECASE,
)


_OF_A_COMPARISON = re.compile(r"(?:\bque\s|\bqu['’]|\bthan\s)(?:en\s|in\s)?\Z")


def _is_aside(text: str, one: Expression) -> bool:
    """Say whether a date is a law's, or one compared with: no story counts from it."""
    if _OF_A_COMPARISON.search(text, max(0, one.start - 9), one.start):
        return True
    return _OF_A_LAW.search(text, max(0, one.start - 60), one.start) is not None


def _is_of_section(text: str, one: Expression) -> bool:
    """Say whether a written year heads a section: in a heading's line, or an entry of its own."""
    if not _has_year(one) or one.kind not in {"year", "heading", "season", "part", "month"}:
        return False
    line = text.rfind("\n", max(0, one.start - 80), one.start) + 1
    return one.kind == "heading" or text.startswith("#", line)


def _has_year(one: Expression) -> bool:
    return any(NAMES[token.letter] == "YEAR" for token in one.tokens)


def _rules(text: str, one: Expression, meaning: Meaning) -> bool:
    """Say whether a date rules the days after it: no bare year of a background, "since 2015"."""
    if one.kind == "ago":
        return meaning.precision is Precision.DAY
    if meaning.precision in (Precision.DAY, Precision.MONTH):
        return True
    if one.kind == "season":
        return _has_year(one)
    opens = _OPENING.search(text, max(0, one.start - 12), one.start) is not None
    return one.kind in {"year", "part"} and _has_year(one) and opens


def _next_sentence_end(text: str, start: int) -> int:
    """Return where the second sentence after the one at `start` ends, in the same paragraph."""
    reach = min(len(text), start + YEAR_REACH)
    ends = [match.start() for match in re.finditer(r"[.!?]\s|\n", text[start:reach])]
    paragraph = text.find("\n", start, reach)
    last = start + ends[2] if len(ends) > 2 else reach
    return last if paragraph < 0 else min(last, paragraph)
