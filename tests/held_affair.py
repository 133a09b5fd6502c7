"""An invented affair as a store holds it, for the tests of all that reads it."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from model.article import Reading
from model.event import Citation, DatedSentence, Event
from model.mention import DateMention, EntityKind, Mention, Precision, Quote, Tags
from model.source import Entry, Source, SourceState
from model.story import Copy, CopyKind, Story
from store import Store, open_store

CONFIG = """
[affair]
name = "Le port et ses caméras"
match = "caméras OR cameras"
timezone = "Europe/Paris"

[[entities]]
name = "CNIL"
kind = "organisation"
aliases = ["Commission nationale de l'informatique et des libertés"]

[[digests]]
name = "quotidien"
to = ["a@lecteurs.example", "b@lecteurs.example"]
language = "fr"

[[digests]]
name = "weekly english"
language = "en"
"""

SEEN = datetime(2023, 11, 21, 9, tzinfo=UTC)
EDITED = datetime(2023, 11, 22, 9, tzinfo=UTC)
LONG = "https://gazette.example/" + "une-adresse-tres-longue-" * 5 + "fin"

FIRST_TEXT = (
    "La CNIL ouvre un contrôle le 15 novembre 2023.\n"
    "« Nous vérifions », dit-elle.\n"
    "Le port ne dit rien."
)
SECOND_TEXT = FIRST_TEXT.replace("ne dit rien", "refuse de répondre")
HOSTILE = '<script>alert(1)</script> "onmouseover=x \x1b[31m\u202eton'


def sought(pattern: str, text: str) -> str:
    """Return the first group of what a test looks for."""
    found = re.search(pattern, text, re.DOTALL)
    assert found, pattern
    return str(found[1])


def make_reading(number: int, title: str, text: str, **fields: Any) -> Reading:
    """Return a reading of an article of the affair."""
    url = fields.pop("url", f"https://gazette.example/{number}")
    usual: dict[str, Any] = {"canonical_url": url, "site": "gazette.example", "lang": "fr"}
    return Reading(url=url, title=title, text=text, **(usual | fields))


def fill(data: Path) -> None:
    """Fill a store: articles 1 to 5, of which the last is outside the affair."""
    with open_store(data) as store:
        _keep_articles(store)
        _tag(store)
        store.replace_events(None, _events())
        _save_sources(store)
        run = store.start_run(now=EDITED)
        store.finish_run(run, "done", {"kept": 5}, now=EDITED)


def _keep(store: Store, reading: Reading, *, now: datetime = SEEN, relevant: bool = True) -> None:
    reasons = ("caméras",) if relevant else ()
    store.keep(
        reading,
        relevant=relevant,
        reasons=reasons,
        now=now,
        raw=f"{reading.url} {reading.title}".encode(),
        record_path="held.jsonl",
    )


def _keep_articles(store: Store) -> None:
    at = datetime(2023, 11, 20, 23, 30, tzinfo=UTC)
    first = {"published_at": at, "authors": ("Jeanne Roy",), "summary": "Un contrôle commence."}
    _keep(store, make_reading(1, "La CNIL contrôle les caméras du port", FIRST_TEXT, **first))
    english = make_reading(
        2, "Harbour cameras under scrutiny", "The CNIL looks at cameras.", lang="en",
        site="ledger.example", published_at=at + timedelta(hours=3), url=LONG,
    )  # fmt: skip
    _keep(store, english)
    copied = make_reading(3, "Le contrôle", FIRST_TEXT + " caméras", site="copie.example")
    _keep(store, copied)
    future = datetime(2038, 1, 1, 12, tzinfo=UTC)
    _keep(store, make_reading(4, HOSTILE, f"{HOSTILE} caméras", published_at=future))
    _keep(store, make_reading(5, "Recette de soupe", "Du sel et de l'eau."), relevant=False)
    edited = make_reading(1, "La CNIL contrôle enfin les caméras du port", SECOND_TEXT, **first)
    _keep(store, edited, now=EDITED)


def _tag(store: Store) -> None:
    version = store.article(1).current
    found = Tags(
        lang="fr",
        mentions=(
            Mention(start=3, end=7, text="CNIL", entity="CNIL",
                    kind=EntityKind.ORGANISATION, by="list"),
        ),
        dates=(
            DateMention(start=29, end=45, text="15 novembre 2023", from_on=date(2023, 11, 15),
                        to_on=date(2023, 11, 15), precision=Precision.DAY),
        ),
        quotes=(Quote(start=49, end=63, text="Nous vérifions", speaker="CNIL", verb="dire"),),
    )  # fmt: skip
    store.save_tags(version.id, found, (_sentence(),), tagger="t", now=SEEN)
    store.save_copies(
        3, [Copy(article=3, of=1, kind=CopyKind.VERBATIM, score=1.0, evidence="un contrôle")]
    )
    story = Story(id=0, title="Le contrôle du port", first_at=SEEN, last_at=EDITED,
                  articles=(1, 2), independent_sources=2, origin=1)  # fmt: skip
    store.save_story(story)


def _sentence() -> DatedSentence:
    return DatedSentence(
        article=1, url="", title="", site="", lang="fr", published_at=None, copy_group=1,
        sentence=FIRST_TEXT.split("\n")[0], start=0, end=46, position=0,
        from_on=date(2023, 11, 15), to_on=date(2023, 11, 15), precision=Precision.DAY,
    )  # fmt: skip


def make_event(
    article: int, on: date, text: str, score: float, cited: tuple[int, str] | None = None,
    **fields: Any,
) -> Event:  # fmt: skip
    """Return an event that one article tells, in words that stand at a place where that matters."""
    start, sentence = cited or (0, text)
    citation = Citation(article=article, url="", title="", site="", published_at=None,
                        sentence=sentence, start=start, end=start + len(sentence))  # fmt: skip
    usual: dict[str, Any] = {
        "to": on, "precision": Precision.DAY, "lang": "fr", "independent_sources": 1,
        "inferred": False, "entities": (), "citations": (citation,),
    }  # fmt: skip
    return Event(date=on, text=text, score=score, **(usual | fields))


def _events() -> tuple[Event, ...]:
    return (
        make_event(1, date(2023, 11, 15), FIRST_TEXT.split("\n")[0], 3.0, entities=("CNIL",)),
        make_event(
            2,
            date(2023, 11, 17),
            "The cameras were switched off.",
            1.0,
            (0, "The CNIL looks at cameras."),
            inferred=True,
        ),
        make_event(
            1,
            date(2024, 1, 8),
            "Le port est mis en demeure.",
            2.0,
            (FIRST_TEXT.index("Le port"), "Le port ne dit rien."),
        ),
    )


def _save_sources(store: Store) -> None:
    well = Source(url="https://gazette.example/feed", name="La Gazette")
    down = Source(url="https://muet.example/feed", name="Le Muet")
    store.save_sources((well, down), now=SEEN)
    entry = Entry(source_url=well.url, key="k", url="https://gazette.example/9")
    store.record_poll(
        SourceState(url=well.url, state="ok", last_polled_at=SEEN, last_success_at=SEEN),
        (entry,), None, now=SEEN,
    )  # fmt: skip
    state = SourceState(
        url=down.url, state="unreachable", reason="it cannot be reached", failures=4,
        last_polled_at=SEEN,
    )  # fmt: skip
    store.record_poll(state, (), None, now=SEEN)
