"""The queries of the configuration, with the saved searches that they name.

It judges nothing: it reads a query, or says at which key it names a search that is not there.
"""

from collections.abc import Iterator

from model.config import Config, DigestList
from model.errors import QueryError
from model.query import Query
from model.saved_searches import Queries, read_query

RULE = "[affair] match"


def read_rule(config: Config, saved: Queries) -> Query:
    """Return what the affair's rule asks for; raises QueryError, naming its key."""
    return _read(RULE, config.affair.match, config, saved)


def read_list(wanted: DigestList, config: Config, saved: Queries) -> Query:
    """Return what a digest list asks for; raises QueryError, naming the list."""
    return _read(f"[[digests]] {wanted.name}", wanted.query, config, saved)


def find_faults(config: Config, saved: Queries) -> Iterator[QueryError]:
    """Yield what is wrong with each query that cannot be asked."""
    try:
        read_rule(config, saved)
    except QueryError as error:
        yield error
    for wanted in config.digests:
        try:
            read_list(wanted, config, saved)
        except QueryError as error:
            yield error


def _read(key: str, text: str, config: Config, saved: Queries) -> Query:
    try:
        return read_query(text, saved, config.entities)
    except QueryError as error:
        raise QueryError(error.query, error.position, f"{key}: {error.reason}") from error
