"""`vigie search`: the articles that answer a query."""

import click

from app.asking import Held, day_of, opened
from app.output import note, print_json, print_table, short
from app.workplace import Workplace, utc_now
from model.hosts import spell_host
from store.records import Found, Hit

COLUMNS = ("id", "date", "site", "article")


@click.command("search", context_settings={"ignore_unknown_options": True})
@click.argument("query", nargs=-1, type=click.UNPROCESSED)
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
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace, query: tuple[str, ...], limit: int, before: int | None, *, as_json: bool
) -> None:
    """Search all that is held, the newest first.

    Words are AND; OR, parentheses, -word, "a phrase", word*; fields such as title: site: lang:
    entity: date: is:. Accents and case never matter. `is:relevant` narrows to the affair.

    \b
    Examples:
      vigie search reconnaissance faciale
      vigie search '"reconnaissance faciale" entity:CNIL date:2023-11'
      vigie search 'police -BriefCam is:relevant' --limit 5 --json
    """
    text = " ".join(map(_word, query))
    with opened(workplace) as held:
        asked = held.query(text)
        found = held.store.search(asked, now=utc_now(), limit=limit, before=before)
        if as_json:
            print_json(found.hits)
        elif found.hits:
            print_table(_title(found), COLUMNS, [_row(hit, held) for hit in found.hits])
        _tell(found, text)


def _word(typed: str) -> str:
    if typed.startswith("--"):
        raise click.UsageError(f"there is no option {typed}; a word to leave out has one hyphen")
    return typed


def _title(found: Found) -> str:
    return f"{found.total} article{'s' if found.total != 1 else ''}"


def _tell(found: Found, text: str) -> None:
    if not found.hits:
        note(
            f"Nothing held answers {text!r}. Fewer words, word*, or OR find more; "
            "`vigie sources` shows what is read."
        )
    elif found.before is not None:
        note(f"More: add --before {found.before}")


def _row(hit: Hit, held: Held) -> tuple[str, str, str, str]:
    lines = [hit.title or "(no title)"]
    if hit.snippet:
        lines.append(short(hit.snippet, 320))
    lines.append(hit.url)
    if not hit.relevant:
        lines.append("(outside the affair)")
    return str(hit.article), day_of(hit, held.timezone), spell_host(hit.site), "\n".join(lines)
