"""What every engine of the bench of search is asked, and what it answers.

It holds no engine.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bench.corpus import Article
from bench.search_questions import Question

PAGE = 50
MOST_COUNTED = 10_000
"""Answers are counted up to here, by all engines."""

TOP = 10
FACETS = ("source", "lang", "entity", "story", "access")
MONTH = "month"
"""Told as well, and not compared: Vigie tells the latest months first, the others the fullest."""

ZONE = ZoneInfo("Europe/Paris")

Answer = int | Mapping[str, int] | Mapping[str, list[int]]
"""How many articles answer; how many on each day; how many under the first labels of each facet."""


class Engine(Protocol):
    """One engine in a folder of its own: built once, then opened, asked, and closed.

    It is built in another process than it is asked in, so it holds nothing open before.
    """

    name: str

    def build(self, articles: Iterable[Article]) -> None:
        """Take all articles in, and let go of the files."""

    def open(self) -> None:
        """Be ready to be asked."""

    def ask(self, question: Question) -> Answer:
        """Answer from what was typed to rows that can be shown."""

    def size_bytes(self) -> int:
        """Return what lies on the disk."""

    def close(self) -> None:
        """Let go of what was opened."""


def local_day(article: Article) -> date:
    """Return the day of an article on the affair's calendar."""
    return article.published_at.astimezone(ZONE).date()


def folder_bytes(folder: Path) -> int:
    """Return the size of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def first_counts(counts: Iterable[int]) -> list[int]:
    """Return the greatest counts, which do not depend on how labels of one count are ordered."""
    return sorted(counts, reverse=True)[:TOP]
