"""Words that forbid a match: `Disclose` is no newsroom in `duty to disclose`.

A phrase that holds the name forbids it inside that phrase; any other, when it stands within five
words of it. It never looks further.
"""

from collections.abc import Iterable

from model.fold import fold

REACH_WORDS = 5
_REACH = 160


def is_forbidden(text: str, start: int, end: int, phrases: Iterable[str]) -> bool:
    """Say whether one of `phrases` forbids the name at `start` to `end`."""
    before, name = fold(text[max(0, start - _REACH) : start]), fold(text[start:end])
    after = fold(text[end : end + _REACH])
    return any(_forbids(fold(phrase).strip(), before, name, after) for phrase in phrases)


def _forbids(phrase: str, before: str, name: str, after: str) -> bool:
    if not phrase:
        return False
    at = f" {phrase} ".find(f" {name} ")
    if at >= 0:
        left, right = phrase[:at].rstrip(), phrase[at + len(name) :].strip()
        return _ends_with(before, left) and _begins_with(after, right)
    return any(f" {phrase} " in f" {side} " for side in _near(before, after))


def _near(before: str, after: str) -> tuple[str, str]:
    return " ".join(_words(before)[-REACH_WORDS:]), " ".join(_words(after)[:REACH_WORDS])


def _words(folded: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in folded).split()


def _ends_with(before: str, left: str) -> bool:
    return not left or f" {' '.join(_words(before))}".endswith(f" {left}")


def _begins_with(after: str, right: str) -> bool:
    return not right or f"{' '.join(_words(after))} ".startswith(f"{right} ")
