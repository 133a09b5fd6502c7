"""`vigie verify`: whether all that is held still matches its proof."""

from functools import cache
from typing import TYPE_CHECKING

import click

from app.asking import Held, opened
from app.output import note, print_json, print_sentence
from app.workplace import Workplace
from model.plurals import count

if TYPE_CHECKING:
    from crawler.stamps import Roots
    from store.evidence.stamps import Stamp
    from store.evidence.verification import CheckStamp
    from store.records import Verified


@click.command("verify")
@click.option("--accept", is_flag=True, help="Go on with the damage there is.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, *, accept: bool, as_json: bool) -> int:
    """Check every capture, its file, every version, change and stamp, and the database.

    What was changed, removed, added or cannot be read is named, a sentence each, with exit
    status 5, and nothing is written from then on. Captures are chained, and so is the ledger of
    versions, changes and stamps. The last link of both is printed: kept elsewhere, they prove
    later that nothing before them was changed. Time stamps are checked against the certificates
    of [evidence] timestamp_certificates, where they are given.

    Everything goes on when all is well again, or with --accept: the damage stays and is named
    here, the database itself must be whole. What is derived is mended by `vigie rebuild` instead.

    \b
    Examples:
      vigie verify
      vigie verify --json
    """
    from store.evidence.startup import say_remedy, settle
    from store.evidence.verification import EvidenceError

    with opened(workplace) as held:
        known = bool(held.config.evidence.timestamp_certificates)
        try:
            verified, status = held.store.verify(_stamp_checker(held)), 0
        except EvidenceError as error:
            verified, status = error.verified, error.exit_status
    if as_json:
        print_json(verified)
    else:
        _show(verified, has_roots=known)
    if not verified.captures:
        note("Nothing is captured yet: `vigie run` or `vigie import` first.")
    if not settle(workplace.data, verified.damages, is_accepted=accept):
        note(f"{say_remedy(workplace.data)}.")
    return status


def _stamp_checker(held: Held) -> "CheckStamp":
    """Return what checks one stamp; nothing is loaded before there is one to check."""

    @cache
    def roots() -> "Roots":
        from crawler.stamps import load_roots

        return load_roots(held.config.evidence.timestamp_certificates)

    def check(stamp: "Stamp") -> str | None:
        from crawler.stamps import StampError, check_token

        try:
            check_token(stamp.token, stamp.chain, roots())
        except StampError as error:
            return str(error)
        return None

    return check


def _show(verified: "Verified", *, has_roots: bool) -> None:
    for damage in (*verified.damages, *verified.derived):
        note(f"vigie: {damage}")
    for torn in verified.notes:
        note(f"Note: {torn}; nothing that was kept is touched by it.")
    if not verified.damages and not verified.derived:
        captures, texts = count(verified.captures, "capture"), count(verified.versions, "text")
        changes = count(verified.changes, "noted change")
        print_sentence(f"{captures}, {texts} and {changes} match their proof.")
        if verified.stamps:
            print_sentence(_stamps(verified.stamps, has_roots=has_roots))
        if verified.late:
            print_sentence(_late(verified.late))
    if verified.unlogged:
        records = "whole record beside them is", "whole records beside them are"
        print_sentence(f"{count(verified.unlogged, *records)} cited by no capture.")
    print_sentence(f"Last link of the chain: {verified.head or '-'}")
    print_sentence(f"Last link of the ledger: {verified.ledger_head or '-'}")


def _late(number: int) -> str:
    lines = count(number, "line of the ledger is", "lines of the ledger are")
    return f"{lines} of rows from before there was a ledger: nothing chained these until then."


def _stamps(number: int, *, has_roots: bool) -> str:
    said = f"{count(number, 'time stamp attests', 'time stamps attest')} the chain"
    if has_roots:
        return f"{said}, signed as your certificates say."
    return f"{said}; who signed them is not checked: set [evidence] timestamp_certificates."
