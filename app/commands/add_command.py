"""`vigie add`: what an address offers, shown, tested and written into the configuration."""

import asyncio
import re
import sys
from collections.abc import Sequence

import click

from app.adding import PageTest, Preview, Prospector, Wishes, check_address
from app.asking import has_database, opened
from app.config_file import Place, add_sources, say_closed, source_key_or_same
from app.output import local_time, note, print_block, print_json, short
from app.rhythms import say_rhythm
from app.steps.relevance import Rule, searches_of_rule
from app.workplace import Workplace, utc_now
from crawler.bounded import Bounded
from crawler.entry_values import short_language
from crawler.fetch import Fetcher
from crawler.selectors import selector_fault
from model.config import Config
from model.errors import ConfigError
from model.plurals import count
from model.source import Source, SourceKind, Watch
from nlp.tagging import Tagger


@click.command("add")
@click.argument("url")
@click.option("--yes", is_flag=True, help="Add the best find without asking.")
@click.option("--name", default="", help="What to call it, in place of its own title.")
@click.option("--lang", default=None, help="Its language (fr, en), in place of what it declares.")
@click.option("--selector", default="", help="Watch this part (CSS) of the page itself.")
@click.option("--text", is_flag=True, help="Watch the page for its own text, not its links.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; nothing is asked.")
@click.pass_obj
def command(
    workplace: Workplace,
    url: str,
    *,
    yes: bool,
    name: str,
    lang: str | None,
    selector: str,
    text: bool,
    as_json: bool,
) -> None:
    """Find what an address offers, show what it would bring, and add it to the configuration.

    An address may be a feed, a sitemap or a document itself; else what its page and robots.txt
    declare is looked at, then a few usual addresses, and last the page itself. Of each find one
    entry's page is read as a test. In a terminal you choose; elsewhere nothing is written
    without --yes. The configuration keeps its comments, and a source stands there once.

    \b
    Examples:
      vigie add https://paper.example/
      vigie add https://paper.example/feed.xml --yes --name "The Paper"
      vigie add https://court.example/rulings/ --selector "main .rulings"
    """
    config = workplace.config()
    wishes = _wishes(name, lang, selector, is_text=text)
    address = check_address(url, config.crawler)
    previews = asyncio.run(_look(workplace, config, address, wishes))
    if not as_json:
        _show(previews, config.affair.timezone)
    is_asked = not as_json and _is_terminal()
    chosen = _choose(previews, workplace, is_sure=yes, is_asked=is_asked)
    added = add_sources(workplace.config_path, [preview.source for preview in chosen])
    if as_json:
        print_json({"finds": list(map(_facts, previews)), "added": _addresses(chosen)})
    _tell(chosen, workplace, is_asked=is_asked)
    if added.is_closed:
        note(say_closed(workplace.config_path))


def _wishes(name: str, lang: str | None, selector: str, *, is_text: bool) -> Wishes:
    """Return what is wished for beside the address; raises ConfigError when it cannot be."""
    if fault := selector_fault(selector):
        raise ConfigError(f"--selector: {fault}")
    if lang is not None and short_language(lang) is None:
        raise ConfigError(f"--lang: `{lang}` is no language; write fr or en")
    watched = None
    if selector or is_text:
        watch = Watch.TEXT if is_text else Watch.LINKS
        watched = Source(
            url="", kind=SourceKind.PAGE, selector=selector, watch=watch, checked=False
        )
    return Wishes(name=name.strip(), lang=short_language(lang), watched=watched)


async def _look(
    workplace: Workplace, config: Config, url: str, wishes: Wishes
) -> tuple[Preview, ...]:
    tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
    rule = Rule(config, tagger, searches_of_rule(workplace, config))
    moved = _moved(workplace)
    async with Fetcher(config.crawler, utc_now) as fetcher, Bounded(1) as workers:
        prospector = Prospector(fetcher, workers, rule, workplace.config_path, moved)
        return await prospector.look(url, wishes)


def _moved(workplace: Workplace) -> dict[str, str]:
    """Return under which configured address a source stands that has moved to another one."""
    if not has_database(workplace):
        return {}
    with opened(workplace) as held:
        return {
            source_key_or_same(address): report.source.url
            for report in held.store.source_states()
            for address in (report.state.address, report.state.moved_to)
            if address
        }


def _choose(
    previews: Sequence[Preview], workplace: Workplace, *, is_sure: bool, is_asked: bool
) -> list[Preview]:
    if is_sure:
        first = previews[0]
        if first.known is not None:
            raise ConfigError(f"{first.shown_url} is {_known(first.known, workplace)}")
        return [first]
    return _ask(previews) if is_asked else []


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask(previews: Sequence[Preview]) -> list[Preview]:
    """Return what the person at the terminal chooses."""
    free = [str(number) for number, one in enumerate(previews, start=1) if one.known is None]
    if not free:
        return []

    def chosen(typed: str) -> list[Preview]:
        numbers = re.findall(r"\d+", typed)
        if numbers == ["0"]:
            return []
        if not numbers or not set(numbers) <= set(free):
            raise click.BadParameter(f"type numbers of the list ({', '.join(free)}), or 0 for none")
        return [previews[int(number) - 1] for number in dict.fromkeys(numbers)]

    click.echo()
    default = free[0] if free[0] == "1" else "0"
    found: list[Preview] = click.prompt(
        "Add which? Numbers, 0 for none", default=default, value_proc=chosen
    )
    return found


def _tell(chosen: Sequence[Preview], workplace: Workplace, *, is_asked: bool) -> None:
    """Say what was written, or how it would be."""
    if _is_terminal():
        click.echo()
    if not chosen:
        how = "" if is_asked else " --yes adds the first; in a terminal you are asked."
        note(f"Nothing is written.{how}")
    for preview in chosen:
        called = f"{preview.source.name}, " if preview.source.name else ""
        note(f"Added to {workplace.config_path}: {called}{preview.shown_url}.")
    if chosen:
        note("`vigie run` asks it from now on; `vigie sources` says how it goes.")


# --- what is shown


def _show(previews: Sequence[Preview], timezone: str) -> None:
    order = ", the best first" if len(previews) > 1 else ""
    click.echo(f"{count(len(previews), 'find')}{order}:")
    for number, preview in enumerate(previews, start=1):
        click.echo()
        print_block(f"{number:>2}  {_called(preview)}", _lines(preview, timezone))


def _called(preview: Preview) -> str:
    source = preview.source
    kind = "page, watched for its text" if source.watch is Watch.TEXT else str(source.kind)
    lang = f", {preview.lang}" if preview.lang else ""
    read = preview.tests[-1].title if preview.tests else ""
    title = short(source.name or preview.title or read, 50)
    return f"{title or 'without a title'} ({kind}{lang})"


def _lines(preview: Preview, timezone: str) -> list[str]:
    lines = [preview.shown_url, f"Found: {preview.where}."]
    if preview.known is not None:
        lines.append(f"It is already in the configuration: {_spot(preview.known)}.")
    brings = f"Brings {count(preview.entries, 'entry', 'entries')}"
    if preview.newest:
        brings += f", the newest of {', '.join(local_time(at, timezone) for at in preview.newest)}"
    lines.append(f"{brings}; {say_rhythm(preview.rhythm_s)}.")
    lines.append(_kept_sentence(preview))
    lines.extend(f"- {short(title, 100)}" for title in preview.titles)
    return [*lines, *(_test_sentence(test, timezone) for test in preview.tests)]


def _kept_sentence(preview: Preview) -> str:
    if preview.entries == 1:
        kept = "keeps" if preview.kept else "does not keep"
        return f"The rule {kept} it on title and summary alone."
    kept = str(preview.kept) if preview.kept else "none"
    return f"The rule keeps {kept} of them on title and summary alone."


def _test_sentence(test: PageTest, timezone: str) -> str:
    if test.fault:
        return f"Test: {test.url} cannot be read: {test.fault}."
    dated = local_time(test.published_at, timezone) if test.published_at else "no date"
    return (
        f"Test: a page of it reads as “{short(test.title, 70)}”,"
        f" {count(test.characters, 'character')}, {dated}, {test.access};"
        f" the rule {'keeps' if test.kept else 'does not keep'} it."
    )


def _known(place: Place, workplace: Workplace) -> str:
    return f"already in {workplace.config_path}: {_spot(place)}. Nothing is written"


def _spot(place: Place) -> str:
    line = f", line {place.line}" if place.line else ""
    named = f" “{place.source.name}”" if place.source.name else ""
    return f"source {place.number}{named}{line}"


def _facts(preview: Preview) -> dict[str, object]:
    """Return a preview as `--json` gives it."""
    source = preview.source
    return {
        "url": preview.shown_url,
        "kind": source.kind,
        "watch": source.watch,
        "name": source.name,
        "where": preview.where,
        "title": preview.title,
        "lang": preview.lang,
        "entries": preview.entries,
        "newest": preview.newest,
        "titles": preview.titles,
        "rhythm_s": preview.rhythm_s,
        "kept": preview.kept,
        "known": _spot(preview.known) if preview.known else None,
        "tests": preview.tests,
    }


def _addresses(previews: Sequence[Preview]) -> list[str]:
    return [preview.shown_url for preview in previews]
