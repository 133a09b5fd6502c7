"""`vigie export evidence`: articles as folders that others check without Vigie."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.asking import find_id, opened
from app.output import note, print_json, print_sentence
from app.workplace import Workplace, utc_now
from model.plurals import count

if TYPE_CHECKING:
    from app.evidence.folder import Exported


@click.command("evidence")
@click.argument("articles", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="The new folder (default: evidence-ID here); with several IDs, where theirs are made.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(
    workplace: Workplace, articles: tuple[str, ...], target: Path | None, *, as_json: bool
) -> None:
    """Write an article's captures, versions and proof into a new folder, for you alone.

    The folder holds WARC files, texts, the chain of hashes, time stamps and a statement in French
    and English; `sha256sum -c SHA256SUMS` checks it. ID is the number that the other commands
    show, or an address. It tells others nothing of your sources or of other articles but hashes.

    \b
    Examples:
      vigie export evidence 12
      vigie export evidence 12 --to dossier-12
      vigie export evidence 12 15 https://disclose.ngo/fr/article/briefcam --to dossiers
    """
    from app.evidence.files import check_folder
    from app.evidence.folder import Exporter

    with opened(workplace) as held:
        ids = list(dict.fromkeys(find_id(held.store, asked) for asked in articles))
        folders = {one: _folder(one, target, len(ids)) for one in ids}
        # all that can be refused is, before anything is written
        for article_id, folder in folders.items():
            held.store.article(article_id)
            check_folder(folder)
        exporter = Exporter(
            held.store,
            timezone=held.timezone,
            certificates=held.config.evidence.timestamp_certificates,
            now=utc_now(),
        )
        written = [exporter.export(one, folder) for one, folder in folders.items()]
    for one in written:
        _warn(one)
    if as_json:
        print_json(written)
        return
    for one in written:
        print_sentence(
            f"Article {one.article}: {count(one.versions, 'version')},"
            f" {count(one.captures, 'capture')}, {count(one.stamps, 'time stamp')}"
            f" in {one.folder}; read its STATEMENT.txt."
        )


def _warn(one: "Exported") -> None:
    """Say what a person should look at before handing a folder on."""
    if one.named:
        note(
            f"Note: {one.folder}/chain.json had to name {count(one.named, 'other capture')},"
            " which an older vigie chained whole: read it before you hand it on."
        )
    if one.has_secret:
        note(
            f"Note: an address of article {one.article} holds what may let a reader in (a token or"
            f" a key), and stands in {one.folder} as it was asked: it is part of the"
            " proof. Have it replaced before you hand the folder on."
        )


def _folder(article_id: int, target: Path | None, asked: int) -> Path:
    """Return where the evidence of one article of several goes."""
    name = f"evidence-{article_id}"
    if asked == 1:
        return target or Path(name)
    return (target or Path()) / name
