"""What is wrong with an installation and how to mend it.

It looks and reports; it changes nothing.
"""

import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import msgspec

from app.workplace import Workplace
from model.config import Config, Mail
from model.errors import VigieError

FREE_BYTES_WANTED = 1024**3
OLDEST_CLOCK = datetime.fromisoformat("2025-01-01T00:00:00+00:00")


class Level(StrEnum):
    """How bad a finding is."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


class Finding(msgspec.Struct, frozen=True):
    """One thing looked at: the fact, and the remedy when it is not good."""

    subject: str
    level: Level
    fact: str
    remedy: str = ""


def examine(workplace: Workplace, now: datetime) -> tuple[Finding, ...]:
    """Return everything looked at, in the order a person would mend it."""
    try:
        config = workplace.config()
    except VigieError as error:
        return (*_machine(workplace, now), Finding("configuration", Level.BAD, str(error), "correct that line"))
    return (
        *_machine(workplace, now),
        Finding("configuration", Level.GOOD, _configuration_fact(workplace, config)),
        *_models(config),
        *_sources(config),
        _mail(config),
    )


def _machine(workplace: Workplace, now: datetime) -> Iterator[Finding]:
    yield _python()
    yield _sqlite()
    yield _disk(workplace.data)
    yield _clock(workplace.data, now)
    yield from _modes(workplace.data)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= (3, 11):
        return Finding("python", Level.GOOD, version)
    return Finding("python", Level.BAD, f"{version} is too old", "install Python 3.11 or newer")


def _sqlite() -> Finding:
    from store.connection import has_wal_fault, sqlite_version

    version = sqlite_version()
    if not has_wal_fault(version):
        return Finding("sqlite", Level.GOOD, version)
    return Finding(
        "sqlite",
        Level.WARNING,
        f"{version} has the WAL-reset fault (3.7.0 to 3.51.2), so the slower journal is used",
        "install pysqlite3, which bundles a newer SQLite (`./run setup` does on Linux)",
    )


def _disk(data: Path) -> Finding:
    free = shutil.disk_usage(_nearest_folder(data)).free
    fact = f"{free / 1024**3:.1f} GiB free at {data}"
    if free >= FREE_BYTES_WANTED:
        return Finding("disk", Level.GOOD, fact)
    return Finding("disk", Level.BAD, fact, "free some space, or choose another --data")


def _nearest_folder(path: Path) -> Path:
    return next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.is_dir())


def _clock(data: Path, now: datetime) -> Finding:
    database = data / "vigie.db"
    newest = database.stat().st_mtime if database.exists() else 0.0
    if now < OLDEST_CLOCK or now.timestamp() + 60 < newest:
        return Finding("clock", Level.BAD, f"it says {now:%Y-%m-%d %H:%M} UTC, before the data", "set it")
    return Finding("clock", Level.GOOD, f"{now:%Y-%m-%d %H:%M} UTC")


def _modes(data: Path) -> Iterator[Finding]:
    if not data.exists():
        yield Finding("data", Level.GOOD, f"{data} will be made by the first run")
        return
    loose = [path for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077]
    if not loose:
        yield Finding("data", Level.GOOD, f"{data} is readable by you alone")
    for path in loose[:5]:
        mode = stat.filemode(path.stat().st_mode)
        wanted = "700" if path.is_dir() else "600"
        yield Finding("data", Level.BAD, f"{path} is {mode}: others can read it", f"chmod {wanted} {path}")


def _configuration_fact(workplace: Workplace, config: Config) -> str:
    return (
        f"{workplace.config_path}: {config.affair.name}, {len(config.entities)} entities,"
        f" {len(config.sources)} sources, {len(config.digests)} digest lists"
    )


def _models(config: Config) -> Iterator[Finding]:
    for language in config.affair.languages:
        name = config.nlp.models.get(language)
        if name is None:
            yield Finding("models", Level.WARNING, f"no model for `{language}`: only watched names are found there", "name one under [nlp.models]")
        elif find_spec(name) is None:
            yield Finding("models", Level.BAD, f"{name} is not installed: only watched names are found in `{language}`", "run ./run setup, or name an installed pipeline under [nlp.models]")
        else:
            yield Finding("models", Level.GOOD, f"{language}: {name}")


def _sources(config: Config) -> Iterator[Finding]:
    if not config.sources:
        yield Finding("sources", Level.WARNING, "none is configured", "add [[sources]] to the configuration")
        return
    unchecked = sum(not source.checked for source in config.sources)
    if unchecked:
        yield Finding("sources", Level.WARNING, f"{unchecked} of {len(config.sources)} were never seen to answer", "`vigie run`, then `vigie sources`; set checked = true on those that work")
    else:
        yield Finding("sources", Level.GOOD, f"{len(config.sources)} checked")
    if not config.crawler.contact:
        yield Finding("contact", Level.WARNING, "the User-Agent names nobody to write to", "set contact under [crawler]")


def _mail(config: Config) -> Finding:
    wanted = any(digest.to for digest in config.digests)
    if not config.mail.host:
        level = Level.BAD if wanted else Level.WARNING
        return Finding("mail", level, "no server: digests are made, none is sent", "set host and sender under [mail]")
    fault = _password_fault(config.mail)
    if fault:
        return Finding("mail", Level.BAD, fault, "write it there and chmod 600 the file")
    return Finding("mail", Level.GOOD, f"{config.mail.host}:{config.mail.port}, {config.mail.security}")


def _password_fault(mail: Mail) -> str | None:
    if not mail.user:
        return None
    path = Path(mail.password_file)
    if not path.is_file():
        return f"password_file {mail.password_file!r} does not exist"
    if path.stat().st_mode & 0o077:
        return f"{path} can be read by others"
    return None

