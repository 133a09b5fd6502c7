"""`vigie rules`: the affair's rule, tried over what is held before it is saved."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import msgspec

from app.asking import Held, opened
from app.commands.search_command import marked
from app.exporting.writing import TAKES_QUERY, asked_query
from app.output import heading, note, print_json, print_sentence, print_table, short
from app.workplace import Workplace
from model.errors import ConfigError
from model.hosts import spell_host
from model.plurals import count
from model.query import Everything

if TYPE_CHECKING:
    from app.rule_trial import Listed, Trial, Tried
    from model.config import Config

COLUMNS = ("id", "date", "site", "text")
LONGEST_PASSAGE, LONGEST_REASONS = 420, 160
STANDARD_INPUT = "-"


@click.group("rules")
def command() -> None:
    """Try a rule over what is held, before it stands in the configuration.

    \b
    Examples:
      vigie rules test 'BriefCam OR "reconnaissance faciale"'
      vigie rules test --config other.toml
    """


@command.command("test", context_settings=TAKES_QUERY)
@click.argument("rule", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--config",
    "other",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The configuration whose rule and watch list are tried.",
)
@click.option(
    "--limit",
    type=click.IntRange(0, 1000),
    default=10,
    show_default=True,
    help="How many texts of each kind at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def test(
    workplace: Workplace,
    rule: tuple[str, ...],
    other: Path | None,
    *,
    limit: int,
    as_json: bool,
) -> None:
    """Show what a rule would keep of all that is held, beside the rule in use.

    RULE is what would stand as `match`, in the query language; `-` reads it from standard input.
    With --config the watch list of that file is tried, and its rule where none is given.
    Articles are looked at in all their versions, and so is what was read and not kept. Each text
    comes with the passage that says why. Nothing is written.

    \b
    Examples:
      vigie rules test 'BriefCam OR "reconnaissance faciale"'
      vigie rules test --config other.toml --limit 50
      echo 'entity:CNIL -sport' | vigie rules test - --json
    """
    with opened(workplace) as held:
        tried = _tried(held, rule, other)
        trial = _try(held, tried, limit)
    if as_json:
        print_json(trial)
    else:
        _print(trial, held.timezone)


def _tried(held: Held, rule: Sequence[str], other: Path | None) -> "Config":
    """Return the configuration with the rule to be tried; raises QueryError and ConfigError."""
    from app.config_file import load_whole_config

    if not rule and other is None:
        raise click.UsageError("give a rule, `-` to read one, or `--config FILE`")
    config = held.config if other is None else load_whole_config(other)
    if not rule:
        return config
    text = sys.stdin.read().strip() if tuple(rule) == (STANDARD_INPUT,) else asked_query(rule)
    if isinstance(held.query(text), Everything):
        raise ConfigError("the rule is empty and would keep everything: name some words")
    affair = msgspec.structs.replace(config.affair, match=text)
    return msgspec.structs.replace(config, affair=affair)


def _try(held: Held, tried: "Config", limit: int) -> "Trial":
    from app.progress import Shower
    from app.rule_trial import RuleTrial
    from app.steps.parts import Progress
    from app.steps.relevance import Rule
    from nlp.tagging import Tagger

    searches = held.store.saved_queries()
    in_use, other = (
        Rule(config, Tagger(config.entities, config.nlp), searches)
        for config in (held.config, tried)
    )
    trial = RuleTrial(in_use, other, {source.url: source for source in held.config.sources})
    rules = held.config.affair.match, tried.affair.match
    with Shower() as shower:
        return trial.run(
            held.store, rules, limit, lambda done, of: shower.notify(Progress("judge", done, of))
        )


def _print(trial: "Trial", timezone: str) -> None:
    print_sentence(_summary(trial))
    zone = ZoneInfo(timezone)
    for title, listed in (
        ("Would be kept", trial.newly_kept),
        ("Would be kept no longer", trial.no_longer_kept),
        ("As before", trial.as_before),
    ):
        if listed.newest:
            heading(f"{title}: {_shown(listed)}")
            print_table("", COLUMNS, [_row(one, zone) for one in listed.newest])
    if not (trial.articles or trial.unkept):
        note("Nothing is held yet: `vigie run` reads the sources, `vigie import` reads files.")


def _summary(trial: "Trial") -> str:
    held = f"{count(trial.articles, 'article')} and {count(trial.unkept, 'text')} not kept"
    return (
        f"Of {held}, this rule would keep {trial.newly_kept.count:,} more and"
        f" {trial.no_longer_kept.count:,} no longer; {trial.as_before.count:,} are as before."
    )


def _shown(listed: "Listed") -> str:
    if listed.count == len(listed.newest):
        return f"{listed.count:,}"
    return f"the newest {len(listed.newest):,} of {listed.count:,}"


def _row(tried: "Tried", zone: ZoneInfo) -> tuple[str, str, str, str]:
    at = tried.published_at
    day = f"{at.astimezone(zone):%Y-%m-%d}" if at else f"seen {tried.seen_at:%Y-%m-%d}"
    lines = [marked(tried.title, tried.title_marks) or "(no title)"]
    if tried.passage:
        lines.append(short(marked(tried.passage, tried.marks), LONGEST_PASSAGE))
    lines += [f"[{short(', '.join(tried.reasons), LONGEST_REASONS)}]", tried.url]
    number = str(tried.article) if tried.article is not None else "not kept"
    return number, day, spell_host(tried.site), "\n".join(lines)
