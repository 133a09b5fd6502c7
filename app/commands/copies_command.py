"""`vigie copies`: articles that repeat another's text."""

import click

from app.asking import find_id, opened
from app.output import note, print_json, print_table, short
from app.workplace import Workplace
from model.hosts import spell_host
from model.plurals import count
from store.records import CopyReport

KNOWN_BY = {
    "published": "their times of publication",
    "credited": "one credits the other, or an agency",
    "seen": "when each was first seen",
    "unknown": "nothing; they may stand the other way round",
}
COLUMNS = ("article", "how", "repeats", "the copy, what it repeats, and what shows it")


@click.command("copies")
@click.argument("article", required=False, metavar="[ID]")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, article: str | None, *, as_json: bool) -> None:
    """List articles that repeat another's text: how, and what shows it.

    With an id or an address, only the copies that this article makes or suffers.

    \b
    Examples:
      vigie copies
      vigie copies 12 --json
    """
    with opened(workplace) as held:
        article_id = None if article is None else find_id(held.store, article)
        if article_id is not None:
            held.store.article(article_id)
        copies = held.store.copies(article_id)
    if as_json:
        print_json(copies)
    elif copies:
        print_table(count(len(copies), "copy", "copies"), COLUMNS, list(map(_row, copies)))
    if not copies:
        note("No copy is known here: `vigie run` compares each article it keeps with the others.")


def _row(copy: CopyReport) -> tuple[str, ...]:
    told = (
        f"{spell_host(copy.site) or 'an import'}: {copy.title}",
        copy.url,
        f"repeats {spell_host(copy.of_site) or 'an import'}: {copy.of_title}",
        copy.of_url,
        f"shown by: {short(copy.evidence, 200)}",
        *_places(copy),
        f"which came first is known by: {KNOWN_BY[copy.direction]}",
        f"SHA-256 of both texts: {copy.text_sha256 or '-'} {copy.of_text_sha256 or '-'}",
    )
    return str(copy.article), f"{copy.kind} {copy.score:.0%}", str(copy.of), "\n".join(told)


def _places(copy: CopyReport) -> list[str]:
    runs = ", ".join(f"{run.start}-{run.end} = {run.of_start}-{run.of_end}" for run in copy.runs)
    shared = f"shared passages, by character: {runs}" if runs else ""
    facts = f"shared names, dates and numbers: {short(', '.join(copy.facts), 200)}"
    return [line for line in (shared, facts if copy.facts else "") if line]
