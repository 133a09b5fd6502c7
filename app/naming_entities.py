"""Which entity a person means by a name that was typed.

It guesses nothing: a name that could be several is asked back.
"""

from app.asking import Held
from model.errors import ConfigError, MissingError
from store.entities.told import NamedEntity
from store.search.suggesting import suggest_name
from web.entity_facts import find_meant


def find_entity(held: Held, typed: str) -> NamedEntity:
    """Return the one entity that goes by a name, an alias of the configuration or `#NUMBER`.

    Raises MissingError where nobody does, ConfigError where several do.
    """
    name = " ".join(typed.split())
    found = find_meant(held.store, held.config.entities, name)
    if not found:
        raise MissingError(_unknown(held, name))
    if len(found) > 1:
        could = ", ".join(f"{one.name} (#{one.id}, {one.kind})" for one in found[:5])
        raise ConfigError(
            f"{name!r} could be several: {could}; give the number, as '#{found[0].id}'"
        )
    return found[0]


def _unknown(held: Held, name: str) -> str:
    near = suggest_name(held.store, held.config.entities, name)
    hint = f"did you mean {near!r}?" if near else "`vigie entities` lists who is named"
    return f"nobody is called {name!r}; {hint}"
