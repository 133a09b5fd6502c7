"""What a pass says of itself: what there was to do, and nothing else."""

from datetime import UTC, datetime

import pytest

from app.commands.run_command import summary_sentence
from app.pipeline import RunSummary
from app.steps.parts import COUNTED

NOON = datetime(2023, 11, 21, 12, tzinfo=UTC)
TOLD = {
    "nothing due": ({}, "Nothing was due."),
    "one of each": (
        {"sources_polled": 1, "entries_new": 1, "pages_read": 1, "articles_kept": 1,
         "articles_reread": 1, "articles_tagged": 1},
        "1 source asked: 1 new entry. 1 page read: 1 kept. 1 article read again: none changed."
        " 1 article tagged.",
    ),
    "unchanged": (
        {"sources_polled": 3, "sources_unchanged": 3},
        "3 sources asked (3 unchanged): 0 new entries.",
    ),
    "known pages": ({"pages_read": 2}, "2 pages read: nothing new."),
    "much": (
        {"sources_polled": 12, "sources_unchanged": 2, "sources_failed": 1, "entries_new": 40,
         "pages_read": 38, "pages_failed": 2, "articles_kept": 10, "articles_unkept": 28,
         "articles_reread": 9, "articles_changed": 2, "articles_absent": 1, "articles_tagged": 12},
        "13 sources asked (2 unchanged, 1 failed): 40 new entries. 38 pages read: 10 kept,"
        " 28 not about the affair. 2 pages could not be read. 9 articles read again: 2 changed,"
        " 1 absent. 12 articles tagged.",
    ),
    "a known one changed": (
        {"pages_read": 1, "articles_changed": 1},
        "1 page read: nothing new. Of known articles 1 changed.",
    ),
    "left for later": (
        {"sources_put_off": 1, "pages_put_off": 2},
        "Left for later, to give their sites a rest: 1 source and 2 pages.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("counted", "told"), TOLD.values(), ids=list(TOLD))
def test_a_pass_says_what_there_was_to_do(counted: dict[str, int], told: str) -> None:
    counts = dict.fromkeys(COUNTED, 0) | counted
    summary = RunSummary(started_at=NOON, ended_at=NOON, counts=counts, faults=())
    assert summary_sentence(summary) == told
