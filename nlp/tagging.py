"""All that is found in one text: its language, who is named, which dates, who is quoted.

A tagger holds the watch list and the settings; models load when a text first needs them. It
never changes the text and never asks the network.
"""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from model.config import NlpSettings
from model.mention import Entity, Mention, Tags
from nlp.dates.finding import find_dates
from nlp.language import detect_language
from nlp.models import missing_models, model_version
from nlp.names.joining import JOINING_VERSION
from nlp.names.reading import find_names
from nlp.names.watch_list import WatchList
from nlp.quotes.finding import find_quotes
from nlp.tagger_facts import TaggerFacts

RULES_VERSION = 3
"""Raised by hand whenever a rule in nlp/ changes what a text yields."""


class Tagger:
    """Finds everything in a text; `missing` says which models are not installed and the remedy."""

    def __init__(
        self, entities: Sequence[Entity], settings: NlpSettings, tz: str = "Europe/Paris"
    ) -> None:
        """Prepare the watch list alone; `tz` is where a publication date is read."""
        self.entities = tuple(entities)
        self._watch_list = WatchList(entities)
        self._models = settings.models
        self.zone = ZoneInfo(tz)
        self.missing = missing_models(settings.models)
        self._ready = {
            lang: name for lang, name in settings.models.items() if not missing_models({lang: name})
        }
        self.facts = _facts(entities, settings.models, tz)
        self.version = self.facts.version

    def find_listed(self, text: str) -> tuple[Mention, ...]:
        """Return the watched names of `text` without loading any model."""
        return self._watch_list.find(text)

    def tag(
        self,
        text: str,
        *,
        lang: str | None = None,
        published_at: datetime | None = None,
        title: str = "",
    ) -> Tags:
        """Return all that is found in `text`; `title` helps to tell its language.

        `lang` is the declared language; `published_at` is an aware time, read in the tagger's
        zone as the day from which `yesterday` and the like count.
        """
        spoken = detect_language(f"{title}\n{text}" if title else text, lang)
        mentions = self._find_mentions(text, spoken)
        return Tags(
            lang=spoken,
            mentions=mentions,
            dates=find_dates(text, spoken, self._local_date(published_at)),
            quotes=find_quotes(text, spoken, mentions),
        )

    def _find_mentions(self, text: str, lang: str) -> tuple[Mention, ...]:
        listed = self.find_listed(text)
        pipeline = self._ready.get(lang)
        if pipeline is None:
            return listed
        named = find_names(text, pipeline, listed)
        return tuple(sorted((*listed, *map(self._watched, named)), key=lambda found: found.start))

    def _watched(self, mention: Mention) -> Mention:
        """Return the mention under the watched entity that its full name stands for."""
        entity = self._watch_list.entity_of(mention.entity)
        if entity is None:
            return mention
        return msgspec.structs.replace(mention, entity=entity.name, kind=entity.kind)

    def _local_date(self, published_at: datetime | None) -> date | None:
        return published_at.astimezone(self.zone).date() if published_at else None


def _facts(entities: Sequence[Entity], models: dict[str, str], tz: str) -> TaggerFacts:
    """Return all that decides what a text yields."""
    return TaggerFacts(
        rules=RULES_VERSION,
        joining=JOINING_VERSION,
        timezone=tz,
        models={lang: (name, model_version(name)) for lang, name in models.items()},
        entities=tuple(entities),
    )
