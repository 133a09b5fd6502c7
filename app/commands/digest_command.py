"""`vigie digest`: the digest of one local date."""

import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click

from app.digests import Sender, digest_facts, find_list, make_digest, settle_digest, write_digest
from app.output import note, print_json, printable
from app.workplace import Workplace, utc_now
from digest.choose import day_bounds
from digest.render import Rendered, render_digest
from digest.send import Answer, DeliveryState
from model.config import Config, DigestList
from model.digest import Digest
from model.errors import ConfigError
from store import Store, open_store

NAMED_DAYS = ("today", "yesterday")
MAY_HAVE_IT = (
    "it may have been sent before this data was restored; --send --unknown-too sends it again"
)


@click.command("digest")
@click.option(
    "--date",
    "day",
    metavar="DATE",
    help="The local date, `today` or `yesterday` (the default).",
)
@click.option("--list", "name", metavar="NAME", help="A list of [[digests]] (default: the first).")
@click.option("--preview", is_flag=True, help="Print the text; write and send nothing.")
@click.option("--send", is_flag=True, help="Send it to those of the list who do not have it.")
@click.option(
    "--unknown-too",
    is_flag=True,
    help="With --send: also to those who may have it already, as after a restore.",
)
@click.option("--json", "as_json", is_flag=True, help="Print what is in it as JSON.")
@click.pass_obj
def command(
    workplace: Workplace,
    day: str | None,
    name: str | None,
    *,
    preview: bool,
    send: bool,
    unknown_too: bool,
    as_json: bool,
) -> int:
    """Make the digest of one local date as it would be sent: a text and an HTML file.

    It holds what was first seen on that date, what changed, and how the watch is doing. The
    files go to digests/ in the data folder. Nobody is sent one date twice; exit status 1 when
    not everybody could be written to.

    \b
    Examples:
      vigie digest --date today --preview
      vigie digest --date 2023-11-21
      vigie digest --date 2023-11-21 --list quotidien --send
    """
    if preview and send:
        raise click.UsageError("--preview sends nothing: leave it or --send out")
    if unknown_too and not send:
        raise click.UsageError("--unknown-too says to whom to send: give --send with it")
    config = workplace.config()
    now = utc_now()
    wanted, on = find_list(config, name), _read_day(day, config, now)
    if send and day_bounds(on, config.affair.timezone)[1] > now:
        raise ConfigError(f"--date {on}: this day is not over; send it when it is complete")
    with open_store(workplace.data, timezone=config.affair.timezone, read_only=not send) as store:
        if send:
            return _send(store, config, wanted, on, now, unknown_too=unknown_too)
        digest = make_digest(store, config, wanted, on, now=now)
    rendered = render_digest(digest, timezone=config.affair.timezone, now=now)
    _give(workplace, digest, rendered, preview=preview, as_json=as_json)
    return 0


def _read_day(text: str | None, config: Config, now: datetime) -> date:
    today = now.astimezone(ZoneInfo(config.affair.timezone)).date()
    yesterday = date.fromordinal(today.toordinal() - 1)
    if text is None or text in NAMED_DAYS:
        return today if text == "today" else yesterday
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"--date {text!r}: write a date such as 2023-11-21") from error
    if not date(1970, 1, 1) <= day <= today:
        raise ConfigError(f"--date {text}: choose a day from 1970 to today, {today}")
    return day


def _give(
    workplace: Workplace, digest: Digest, rendered: Rendered, *, preview: bool, as_json: bool
) -> None:
    if as_json:
        print_json(digest_facts(digest))
    if not (digest.items or digest.changes):
        note(f"Nothing is new or changed on {digest.on}: `vigie digest --date` takes another day.")
    if preview:
        if not as_json:
            click.echo(printable(rendered.text))
        return
    for path in write_digest(workplace.data, digest, rendered):
        click.echo(str(path), err=as_json)


def _send(
    store: Store,
    config: Config,
    wanted: DigestList,
    on: date,
    now: datetime,
    *,
    unknown_too: bool,
) -> int:
    with store.lock("digest"):
        sender = Sender(store, config, wanted, on, with_unknown=unknown_too)
        digest = settle_digest(store, config, wanted, on, now=now)
        for recipient in sender.note_doubts(now=now):
            note(f"vigie: {recipient}: unknown, {MAY_HAVE_IT}")
        waiting = sender.waiting()
        rendered = render_digest(digest, timezone=config.affair.timezone, now=now)
        write_digest(store.data, digest, rendered)
        answers: list[Answer] = []
        if waiting:
            sender.send(rendered, now=now, tell=lambda answer: _tell(answer, answers))
    others = len(wanted.to) - len(waiting)
    if others:
        note(f"{others} of {wanted.name!r} were answered for before and are left alone.")
    return 1 if any(answer.state is not DeliveryState.SENT for answer in answers) else 0


def _tell(answer: Answer, answers: list[Answer]) -> None:
    answers.append(answer)
    click.echo(printable(f"{answer.recipient}: {answer.state} ({answer.reason})"))
    sys.stdout.flush()
