"""What moves by itself in a text, or comes and goes, without anybody having edited it.

Pure rules over its lines. It never judges what is left: a number anywhere else is told.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from model.fold import fold
from model.words import words

_MAX_LINE = 120
_MAX_RELATED = 200

_MONTH = (
    r"(?:janv(?:ier)?|fevr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout|sept(?:embre)?"
    r"|oct(?:obre)?|nov(?:embre)?|dec(?:embre)?|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep)\.?"
)
_NUMBER = r"\d[\d .,]{0,14}(?:(?:[km]|md|mio|mille|millions?)\b\.? ?(?:de |d )?)?"
_UNIT = (
    r"(?:secondes?|seconds?|secs?|minutes?|mins?|mn|heures?|hours?|hrs?|jours?|days?|semaines?"
    r"|weeks?|mois|months?|ans?|annees?|years?|[smhjd])\b"
)
_COUNTED = (
    r"(?:commentaires?|comments?|vues?|views?|lectures?|reads?|partages?|shares?|likes?"
    r"|abonnes?|followers?|reactions?|reponses?|replies|retweets?|reposts?|tweets cites"
    r"|quote tweets?|quotes?|citations?|bookmarks?|signets?|favoris|(?:mentions? )?j aime|upvotes?"
    r"|ecoutes?|plays?|telechargements?|downloads?|notes?|ratings?|avis)\b"
)
_CLOCK = r"\b(?:a |at )?\d{1,2} ?(?:h|:) ?\d{0,2}(?: ?[ap]\.?m\.?)?"
_ON = rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)? {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}})"
_NUMBERS_ON = r"(?:\d{1,2}[/. ]\d{1,2}[/. ]\d{2,4}|\d{4}[/. ]\d{2}[/. ]\d{2}(?:t\d\S*)?)"

_MOVING = re.compile(
    rf"\bil y a (?:environ |pres d |moins d )?(?:{_NUMBER}|une?|quelques) ?{_UNIT}"
    rf"|(?:\b{_NUMBER}|\ban?|\bone|\bfew) ?{_UNIT} (?:ago|plus tot)\b|\ba l instant\b|\bjust now\b"
    rf"|\b(?:lue?s?|vue?s?|partagee?s?|consultee?s?|read|viewed|shared) {_NUMBER}(?:fois|times)\b"
    rf"|\b(?:temps de )?lecture ?:? ?(?:estimee? ?:? ?)?{_NUMBER}(?:mins?|minutes?|mn)\b"
    rf"|\b{_NUMBER}(?:mins?|minutes?|mn) (?:de lecture|read)\b"
    rf"|\b{_NUMBER}{_COUNTED}|{_COUNTED} ?:? ?\(? ?{_NUMBER}\)?"
    r"|\b(?:partager|share|commenter|j aime|like|retweeter|repondre|reply|repost)"
    rf" ?:? ?\(?{_NUMBER}\)?|\b\d[.,]?\d* ?(?:/|sur|out of) ?(?:5|10)(?= ?\(?{_NUMBER}{_COUNTED})"
    rf"|\b(?:aimee? par|liked by) (?:\S+ (?:et|and) )?{_NUMBER}(?:autres?|others?)?"
    r"(?: ?(?:personnes?|people))?"
    rf"|\b{_NUMBER}(?:personnes?|people) (?:aiment|like)\b"
    r"|\bsoyez le premier a (?:commenter|reagir)\b|\bbe the first to comment\b"
)
_STAMPED = re.compile(
    rf"{_ON}|{_NUMBERS_ON}|{_CLOCK}|\b(?:hier|aujourd hui|yesterday|today)\b"
    r"|\b(?:lun|mar|mercre|jeu|vendre|same)di\b|\bdimanche\b|\b(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day\b"
)
_LABELS = frozenset(
    "publie publiee publication paru parue mis mise a jour maj modifie modifiee modification"
    " derniere le la de du il y par et at on the in last updated update posted published"
    " modified edited first soit utc cet cest gmt heure paris partager share commenter comment"
    " lire read reading temps lecture time min les all tous toutes voir view show see n more"
    " repondre reply copier copy lien link relayer repost note moyenne average rating d ca ceci"
    " this x twitter instagram facebook tweet post"
    " replies reponses reactions comments commentaires".split()
)
_STAMP_LABEL = re.compile(
    r"\b(?:publiee?|publication|parue?|mise? a jour|maj|modifiee?|modification|updated|posted"
    r"|published|modified)\b"
)
_RELATED = re.compile(
    r"(?:a )?(?:lire|voir|ecouter|decouvrir|relire)(?: aussi| egalement)\b"
    r"|(?:read|see) (?:also|more)\b|related\b|sur le meme (?:sujet|theme)\b|notre dossier\b"
)

_TWEET_TIME = re.compile(
    rf"[·•] ?(?:\d+ ?(?:s|sec|min|mn|m|h|j|d)\b|\d{{1,2}} {_MONTH}(?: \d{{4}})?"
    rf"|{_MONTH} \d{{1,2}}(?:, \d{{4}})?)"
)
_POSTED = re.compile(rf"{_CLOCK} ?[·•|,] ?(?:le )?{_ON}|@\w{{2,30}} ?[·•]")
_POST_SIGN = re.compile(rf"\(@\w{{2,30}}\)|^@\w{{2,30}}\b|{_POSTED.pattern}")
_COUNT = r"\d[\d.,]*(?: ?(?:[km]|md|mio)\b)?"
_COUNTS = re.compile(rf"[^\w%€$£]*(?:{_COUNT}[^\w%€$£]*){{1,6}}")
_ICONS = re.compile("[♥♡❤🔁💬👍👎👁🔖📊⟲]")

_SHARE = re.compile(
    rf"(?P<before>.{{0,80}}?)[ :(\[–]*\b\d{{1,3}}(?:[.,]\d+)? ?%[)\]]?"
    rf"(?: ?[(·,]? ?{_NUMBER}(?:votes?|voix)\)?)?(?P<after>| [^\d%]{{1,80}})"
)
_TOTAL = re.compile(
    rf"(?:(?:nombre|total) (?:total )?(?:de |des |of )?(?:votes?|votants) ?:? ?{_NUMBER}"
    rf"|(?:total ?:? ?|deja )?{_NUMBER}(?:total )?(?:votes?|votants|voters|people (?:have )?voted"
    r"|(?:personnes|lecteurs|internautes) (?:ont|ayant) vote)(?: au total)?)"
    r"[ .!·•]*(?:\d+ (?:jours?|heures?|days?|hours?) (?:restante?s?|left))?"
)
_VOTING = re.compile(
    r"(?:voter|votez|je vote|vote|vote now|cast your vote|voir les resultats"
    r"|(?:see|view|show) results|(?:you|vous avez|you have)(?: deja| already)? voted?"
    r"|merci (?:d avoir vote|de votre participation|pour votre (?:vote|participation|reponse))"
    r"|(?:thanks|thank you) for (?:voting|your vote)"
    r"|(?:le |the )?(?:sondage|poll|vote) (?:est |is )?(?:clos|termine|closed)"
    r"|\d+ (?:jours? restants?|days? left))(?: [.!]|[.!])*"
)
_BALLOT = re.compile(
    r"\b(?:inscrits|exprimes|abstention|blancs|nuls|participation :|turnout|electorate|sieges"
    r"|seats|bureaux|depouill\w+|elue?s?|elected|circonscription|constituency)\b"
)
_NEAR = 3
_QUESTION_NEAR = 8
_FEWEST_SHARES = 2

_DAY = (
    rf"(?:\d{{1,2}}(?:er|st|nd|rd|th)? {_MONTH}(?:,? \d{{4}})?|{_MONTH} \d{{1,2}}(?:,? \d{{4}})?)"
)
_DATED = re.compile(rf"{_DAY}|{_NUMBERS_ON}")
_WEEK = frozenset(
    "mon tue tues wed thu thur thurs fri sat sun lun mar mer jeu ven sam dim am pm bst est edt"
    " a".split()
)
_MONTHS = tuple(
    enumerate(
        (
            ("jan",), ("fev", "feb"), ("mar",), ("avr", "apr"), ("mai", "may"), ("juin", "jun"),
            ("jui", "jul"), ("aou", "aug"), ("sep",), ("oct",), ("nov",), ("dec",),
        ),
        start=1,
    )
)  # fmt: skip
_MAX_DATE = 60
_HEAD_LINES = 4
_TAIL_LINES = 2


class Steady(msgspec.Struct, frozen=True):
    """A text without what moves: its words, and the days that its first and last lines name.

    `dates` are those of lines that hold a date and nothing else, each as its sorted numbers.
    """

    words: list[str]
    dates: tuple[tuple[int, ...], ...]


def steady_words(text: str) -> list[str]:
    """Return the words of a text without what moves by itself.

    That is a short line of its own such as `12 commentaires` or `Mis à jour il y a 3 heures`, a
    relative time beside such a label, what a poll or an embedded post counts, and a line that
    sends to another article; any other number counts.
    """
    return words("\n".join(_steady_lines(text)))


def spell_steady(text: str, all_words: str) -> str:
    """Return the same words in one string; `all_words` is that of the text with what moves."""
    steady = list(_steady_lines(text))
    if steady == [line.strip() for line in text.split("\n")]:
        return all_words
    return " ".join(words("\n".join(steady)))


def steady_text(text: str) -> Steady:
    """Return the same words, without the lines at both ends that only say a date."""
    lines = [line for line in _steady_lines(text) if line.strip()]
    head, tail = lines[:_HEAD_LINES], lines[_HEAD_LINES:]
    ends = [*range(len(head)), *range(max(len(head), len(lines) - _TAIL_LINES), len(lines))]
    dates = {at: date for at in ends if (date := _find_date(lines[at]))}
    kept = (line for at, line in enumerate([*head, *tail]) if at not in dates)
    return Steady(words("\n".join(kept)), tuple(dates.values()))


def _find_date(line: str) -> tuple[int, ...]:
    """Return the numbers of a date that is all a line says, none when it says more."""
    if len(line) > _MAX_DATE:
        return ()
    folded = fold(line.strip())
    found = _DATED.search(folded)
    rest = words(_STAMPED.sub(" ", _DATED.sub(" ", folded)))
    if found is None or not _LABELS.union(_WEEK).issuperset(rest):
        return ()
    return _date_numbers(found[0])


def _date_numbers(date: str) -> tuple[int, ...]:
    """Return a date's numbers in their order of size: `12 mars 2024` is `12/03/24`."""
    names = re.findall(r"[a-z]{3,}", date.partition("t0")[0])
    numbers = [int(number) for number in re.findall(r"\d+", date)[:3]]
    if len(numbers) == 3 and max(numbers) < 100:
        numbers[-1] += 2000
    starts = [month for month, spelt in _MONTHS if any(n.startswith(spelt) for n in names)]
    return tuple(sorted([*numbers, *starts[:1]]))


def _steady_lines(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.split("\n")]
    folded = [fold(line) if len(line) <= _MAX_RELATED else "" for line in lines]
    polled = _find_poll(folded)
    near_post = False
    for at, (line, plain) in enumerate(zip(lines, folded, strict=True)):
        steady = polled[at] if at in polled else _steady_line(line, plain)
        if near_post and _COUNTS.fullmatch(plain):
            steady = ""
        near_post = bool(_POST_SIGN.search(plain)) or (near_post and not steady)
        yield steady


def _steady_line(line: str, folded: str) -> str:
    if len(line) > _MAX_RELATED:
        return line
    if _RELATED.match(folded):
        return ""
    return line if len(line) > _MAX_LINE else _without_moving(line, folded)


def _without_moving(line: str, folded: str) -> str:
    """Return a short line without relative times and counters, where it is a label of them."""
    if _VOTING.fullmatch(folded) or (_ICONS.search(line) and _COUNTS.fullmatch(folded)):
        return ""
    bare = _MOVING.sub(" ", folded)
    is_post = _POSTED.search(folded) is not None
    is_stamp = is_post or _STAMP_LABEL.search(folded) is not None
    if is_stamp:
        bare = _STAMPED.sub(" ", _TWEET_TIME.sub(" ", bare) if is_post else bare)
    if bare == folded:
        return line
    left = [word for word in words(bare) if word not in _LABELS]
    if not left or (is_post and _WEEK.issuperset(left)):
        return ""
    return " ".join(left) if is_stamp and folded[-1] not in ".!?" else line


def _find_poll(folded: Sequence[str]) -> dict[int, str]:
    """Return what is left of the lines of a poll among readers: what could be answered.

    A poll asks a question, and gives shares of its answers beside one count of all votes; the
    results of an election do neither.
    """
    totals = [at for at, line in enumerate(folded) if _TOTAL.fullmatch(line)]
    shares = {at: found for at, line in enumerate(folded) if (found := _share(line)) is not None}
    left: dict[int, str] = {}
    if totals or shares:
        cues = [at for at, line in enumerate(folded) if _VOTING.fullmatch(line)]
        for group in _groups(sorted({*totals, *shares, *cues})):
            if _is_poll(folded, group, set(shares), set(totals)):
                left |= {at: shares.get(at, "") for at in group}
    return left


def _share(line: str) -> str | None:
    """Return the answer beside a share, None when a line is no share."""
    found = _SHARE.fullmatch(line) if "%" in line else None
    return None if found is None else f"{found['before']} {found['after']}".strip()


def _groups(places: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places that lie near one another."""
    group: list[int] = []
    for place in places:
        if group and place - group[-1] > _NEAR:
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _is_poll(
    folded: Sequence[str], group: Sequence[int], shares: set[int], totals: set[int]
) -> bool:
    around = folded[max(0, group[0] - _QUESTION_NEAR) : group[-1] + _NEAR]
    counted, shared = len(totals.intersection(group)), len(shares.intersection(group))
    is_asked = any(line.endswith("?") for line in around)
    has_answers = shared >= _FEWEST_SHARES or not shared
    is_counted = counted == 1 or (not counted and len(group) > shared)
    return is_asked and has_answers and is_counted and not any(map(_BALLOT.search, around))
