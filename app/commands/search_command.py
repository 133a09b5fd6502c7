"""`vigie search`: the articles that answer a query."""

import shlex
from datetime import datetime

import click
import msgspec

from app.asking import Held, day_of, opened
from app.exporting.writing import TAKES_QUERY, asked_query, query_argument
from app.output import note, print_json, print_table, short
from app.workplace import Workplace, utc_now
from model.hosts import spell_host
from model.query import Query
from store.records import Bucket, Found, Hit, Order
from store.search.facets import Facets
from store.search.suggesting import suggest

COLUMNS = ("id", "date", "site", "article")
LONGEST_SNIPPET = 320
LONGEST_TOLD = 100
FACETED = 10


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The options of one search."""

    typed: str
    limit: int
    before: int | None
    order: Order
    has_facets: bool
    is_count: bool
    as_json: bool


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What `--json` prints where `--facets` or `--count` ask for more than a list of articles."""

    query: str
    total: int
    total_is_exact: bool
    did_you_mean: str | None
    before: int | None
    facets: Facets | None
    articles: tuple[Hit, ...]


@click.command("search", context_settings=TAKES_QUERY)
@query_argument
@click.option(
    "--by",
    "order",
    type=click.Choice([order.value for order in Order]),
    default=Order.NEWEST.value,
    show_default=True,
    help="What comes first: the newest, or those that tell most of the words sought.",
)
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many articles at most.",
)
@click.option(
    "--before", type=click.IntRange(0, 2**62), help="The next page: what the page before told."
)
@click.option(
    "--facets", "has_facets", is_flag=True, help="Count sources, names, months and so on."
)
@click.option("--count", "is_count", is_flag=True, help="Only count, exactly, whatever there is.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace,
    /,
    query: tuple[str, ...],
    *,
    limit: int,
    before: int | None,
    order: str,
    has_facets: bool,
    is_count: bool,
    as_json: bool,
) -> None:
    """Search all that is held, the newest first.

    Words are AND; OR, parentheses, -word, "a phrase", word*; fields such as title: site: lang:
    entity: date: is:. Accents, case and endings never matter; in "quotes" endings do.
    `is:relevant` narrows to the affair, version:any looks into older versions too,
    search:NAME asks for a saved search.

    \b
    Examples:
      vigie search reconnaissance faciale
      vigie search '"reconnaissance faciale" entity:CNIL date:2023-11'
      vigie search 'police -BriefCam is:relevant' --limit 5 --json
      vigie search caméra algorithme --by relevance --facets
      vigie search is:relevant date:2023 --count
    """
    asked = Asked(
        typed=asked_query(query),
        limit=limit,
        before=before,
        order=Order(order),
        has_facets=has_facets,
        is_count=is_count,
        as_json=as_json,
    )
    with opened(workplace) as held:
        _answer(held, asked, held.query(asked.typed), utc_now())


def _answer(held: Held, asked: Asked, query: Query, now: datetime) -> None:
    found = held.store.search(
        query,
        now=now,
        limit=asked.limit,
        before=asked.before,
        order=asked.order,
        count_all=asked.is_count,
    )
    facets = None
    if asked.has_facets:
        facets = held.store.facets(query, now=now, limit=FACETED, count_all=asked.is_count)
    meant = suggest(held.store, held.config.entities, asked.typed, found.total, now=now)
    if asked.as_json:
        _print_json(asked, found, facets, meant)
    else:
        _print(held, asked, found, facets)
    _tell(asked, found, meant)


def _print_json(asked: Asked, found: Found, facets: Facets | None, meant: str) -> None:
    if not (asked.has_facets or asked.is_count):
        print_json(found.hits)
        return
    answer = Answer(
        query=asked.typed,
        total=found.total,
        total_is_exact=found.total_is_exact,
        did_you_mean=meant or None,
        before=None if asked.is_count else found.before,
        facets=facets,
        articles=() if asked.is_count else found.hits,
    )
    print_json(answer)


def _print(held: Held, asked: Asked, found: Found, facets: Facets | None) -> None:
    if asked.is_count:
        click.echo(found.total)
    elif found.hits:
        print_table(say_total(found), COLUMNS, [_row(hit, held) for hit in found.hits])
    if facets is not None and facets.articles:
        _print_facets(facets)


def _print_facets(facets: Facets) -> None:
    click.echo()
    told = "what these have in common"
    if not facets.is_exact:
        told = f"what the newest {facets.articles:,} have in common"
    print_table(told, ("what", "articles"), [_facet_row(name, facets) for name in _facet_names()])


def _facet_names() -> tuple[str, ...]:
    buckets = msgspec.structs.fields(Facets)
    return tuple(field.name for field in buckets if field.type == tuple[Bucket, ...])


def _facet_row(name: str, facets: Facets) -> tuple[str, str]:
    buckets: tuple[Bucket, ...] = getattr(facets, name)
    listed = ", ".join(f"{bucket.label or '(none)'} {bucket.articles:,}" for bucket in buckets)
    return name, listed or "-"


def say_total(found: Found) -> str:
    """Return how many articles answer, in words."""
    told = f"{found.total:,} article{'s' if found.total != 1 else ''}"
    return told if found.total_is_exact else f"more than {told}"


def _tell(asked: Asked, found: Found, meant: str) -> None:
    if meant:
        note(f"Did you mean: vigie search {shlex.quote(meant)}")
    elif not found.total and not asked.typed.strip():
        note("Nothing is held yet: `vigie run` reads the sources, `vigie import` reads files.")
    elif not found.total:
        note(
            f"Nothing held answers {short(asked.typed, LONGEST_TOLD)!r}. Fewer words, word*, or OR"
            " find more; `vigie sources` shows what is read."
        )
    if found.before is not None and not asked.is_count:
        note(f"More: add --before {found.before}")


def _row(hit: Hit, held: Held) -> tuple[str, str, str, str]:
    lines = [hit.title or "(no title)"]
    if hit.version is not None:
        lines.append(f"[in version {hit.version} of {hit.versions}: `vigie diff {hit.article}`]")
    if hit.snippet:
        lines.append(short(marked(hit.snippet, hit.marks), LONGEST_SNIPPET))
    lines.append(hit.url)
    if not hit.relevant:
        lines.append("(outside the affair)")
    return str(hit.article), day_of(hit, held.timezone), spell_host(hit.site), "\n".join(lines)


def marked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """Return `text` with two stars on both sides of each mark: no colour is needed to see it."""
    pieces, end = [], 0
    for start, stop in marks:
        pieces += [text[end:start], "**", text[start:stop], "**"]
        end = stop
    return "".join([*pieces, text[end:]])
