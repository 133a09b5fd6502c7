"""The demo: the real pipeline over real HTTP against the invented press, two mornings running.

Everything but the publishers is as in real use; nothing here is prepared in advance.
"""

import asyncio
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import tomlkit

from app.config_file import write_text
from app.pipeline import RunSummary, make_pass
from app.steps.parts import Notify
from app.workplace import SHIPPED_CONFIG, Workplace
from model.config import Config
from model.errors import ConfigError
from model.source import Source
from nlp.tagging import Tagger
from press import Press
from store import open_store

FOLDER = SHIPPED_CONFIG.parent / "demo-data"
FIRST_MORNING = datetime.fromisoformat("2024-06-03T07:00:00+02:00")
SECOND_MORNING = datetime.fromisoformat("2024-06-04T07:00:00+02:00")
SLOW_S = 0.7
"""How long each answer of the slow site takes: it is asked some thirty times."""

MARK = "# Written by `vigie demo`, which replaces this folder each time.\n"


class Demonstration(msgspec.Struct, frozen=True, kw_only=True):
    """What the two passes left behind."""

    workplace: Workplace
    config: Config
    first: RunSummary
    second: RunSummary
    missing: tuple[str, ...]


def run_demo(folder: Path, show_pass: Callable[[datetime], Notify]) -> Demonstration:
    """Poll the invented press on two mornings and return what came of it.

    `show_pass` is told each morning as it begins, and gives what the pass tells its steps to.
    """
    _clear(folder)
    with Press(now=FIRST_MORNING, slow_s=SLOW_S) as press:
        workplace = _write_workplace(folder, press.sources, press.hosts)
        config = workplace.config()
        tagger = Tagger(config.entities, config.nlp, config.affair.timezone)
        summaries = []
        for morning in (FIRST_MORNING, SECOND_MORNING):
            press.move_to(morning)
            notify = show_pass(morning)
            with open_store(workplace.data, timezone=config.affair.timezone) as store:
                summaries.append(
                    asyncio.run(
                        make_pass(config, store, tagger, lambda: press.now.astimezone(UTC), notify)
                    )
                )
    return Demonstration(
        workplace=workplace,
        config=config,
        first=summaries[0],
        second=summaries[1],
        missing=tagger.missing,
    )


def _clear(folder: Path) -> None:
    """Remove what an earlier demo left; refuse a folder that holds anything else."""
    config = folder / "config.toml"
    found = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    is_ours = config.is_file() and config.read_text(encoding="utf-8").startswith(MARK)
    if found and not (is_ours and found <= {"config.toml", "data"}):
        raise ConfigError(
            f"{folder} holds something else than a demo and is left as it is: give another --folder"
        )
    if is_ours:
        config.unlink()
        shutil.rmtree(folder / "data", ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _write_workplace(folder: Path, sources: tuple[Source, ...], hosts: dict[str, str]) -> Workplace:
    """Write the shipped configuration with the invented press for its sources."""
    document = tomlkit.parse(SHIPPED_CONFIG.read_text(encoding="utf-8"))
    listed = tomlkit.aot()
    for source in sources:
        listed.append(tomlkit.item({key: str(value) for key, value in _written(source)}))
    document["sources"] = listed
    crawler = document["crawler"]
    crawler["hosts"] = hosts
    crawler["per_host_gap_s"] = 0.0
    path = folder / "config.toml"
    write_text(path, MARK + tomlkit.dumps(document))
    return Workplace(config_path=path, data=folder / "data")


def _written(source: Source) -> list[tuple[str, object]]:
    fields = {"name": source.name, "url": source.url, "kind": source.kind, "lang": source.lang}
    return [(key, value) for key, value in fields.items() if value]
