"""What is wrong with an installation and how to mend it.

It looks and reports; it changes nothing.
"""

import shlex
import shutil
import stat
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import msgspec

from app.workplace import Workplace
from model.config import Config, Evidence, Mail
from model.errors import VigieError
from model.plurals import count
from model.secrets import holds_secret

FREE_BYTES_WANTED = 1024**3
SHOWN_LOOSE = 5
STAMPED_WITHIN = timedelta(days=2)
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


def _good(subject: str, fact: str) -> Finding:
    return Finding(subject, Level.GOOD, fact)


def _note(subject: str, fact: str, remedy: str) -> Finding:
    return Finding(subject, Level.WARNING, fact, remedy)


def _wrong(subject: str, fact: str, remedy: str) -> Finding:
    return Finding(subject, Level.BAD, fact, remedy)


def examine(workplace: Workplace, now: datetime) -> tuple[Finding, ...]:
    """Return everything looked at, in the order a person would mend it."""
    machine = tuple(_machine(workplace, now))
    try:
        config = workplace.config()
    except VigieError as error:
        return (*machine, _wrong("configuration", str(error), "correct that line"))
    return (
        *machine,
        _good("configuration", _configuration_fact(workplace, config)),
        *_logins(workplace.config_path, config),
        *_models(config),
        *_sources(config, workplace.data / "vigie.db"),
        *_queries(config, workplace.data / "vigie.db"),
        _mail(config),
        *_stamps(config.evidence, workplace.data / "vigie.db", now),
    )


def _machine(workplace: Workplace, now: datetime) -> Iterator[Finding]:
    yield _good("python", f"{'.'.join(map(str, sys.version_info[:3]))} at {sys.prefix}")
    yield _sqlite()
    yield _database(workplace.data / "vigie.db")
    yield _disk(workplace.data)
    yield _clock(workplace.data, now)
    yield from _modes(workplace.data)


def _sqlite() -> Finding:
    from store.sqlite import is_wal_safe, sqlite3

    version = sqlite3.sqlite_version
    if is_wal_safe(sqlite3.sqlite_version_info):
        return _good("sqlite", version)
    return _note(
        "sqlite",
        f"{version} has the WAL-reset fault (3.7.0 to 3.51.2), so the slower journal is used",
        "use a system or Python with SQLite 3.51.3 or newer",
    )


def _database(file: Path) -> Finding:
    from store.backup.folders import say_restore
    from store.checkup import Condition, check_up

    restore = f"{say_restore(file.parent)}; then `vigie verify`"
    remedies = {
        Condition.LOST: restore,
        Condition.DAMAGED: restore,
        Condition.ANOTHERS: "give another --data",
        Condition.NEWER: "use the vigie that wrote it, or a newer one",
        Condition.UNREADABLE: "mend the modes, or copy the folder to where it can be written",
    }
    found = check_up(file)
    if found.condition in remedies:
        return _wrong("database", found.why, remedies[found.condition])
    if found.condition is Condition.INTERRUPTED:
        return _note("database", found.why, "the next `vigie run` puts that right")
    if found.condition is Condition.NEW:
        return _good("database", found.why)
    last = f"{found.last_run_at:%Y-%m-%d %H:%M} UTC" if found.last_run_at else "none yet"
    return _good(
        "database",
        f"{count(found.articles, 'article')}, {count(found.captures, 'capture')}, last pass {last}",
    )


def _disk(data: Path) -> Finding:
    free = shutil.disk_usage(_nearest_folder(data)).free
    fact = f"{free / 1024**3:.1f} GiB free at {data}"
    if free >= FREE_BYTES_WANTED:
        return _good("disk", fact)
    return _wrong("disk", fact, "free some space, or choose another --data")


def _nearest_folder(path: Path) -> Path:
    return next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.is_dir())


def _clock(data: Path, now: datetime) -> Finding:
    database = data / "vigie.db"
    newest = database.stat().st_mtime if database.exists() else 0.0
    fact = f"{now:%Y-%m-%d %H:%M} UTC"
    if now < OLDEST_CLOCK or now.timestamp() + 60 < newest:
        return _wrong("clock", f"{fact} is before the data was written", "set the clock")
    return _good("clock", fact)


def _modes(data: Path) -> Iterator[Finding]:
    if not data.exists():
        yield _good("data", f"{data} will be made by the first run")
        return
    loose = [path for path in (data, *data.rglob("*")) if path.stat().st_mode & 0o077]
    if not loose:
        yield _good("data", f"{data} is readable by you alone")
    for path in loose[:SHOWN_LOOSE]:
        mode = stat.filemode(path.stat().st_mode)
        wanted = "700" if path.is_dir() else "600"
        remedy = f"chmod {wanted} {shlex.quote(str(path))}"
        yield _wrong("data", f"{path} is {mode}: others can read it", remedy)
    if len(loose) > SHOWN_LOOSE:
        more = count(len(loose) - SHOWN_LOOSE, "more path", "more paths")
        remedy = f"chmod -R go-rwx {shlex.quote(str(data))}"
        yield _wrong("data", f"others can read {more} there", remedy)


def _configuration_fact(workplace: Workplace, config: Config) -> str:
    return (
        f"{workplace.config_path}: {config.affair.name},"
        f" {count(len(config.entities), 'entity', 'entities')},"
        f" {count(len(config.sources), 'source')}, {count(len(config.digests), 'digest list')}"
    )


def _models(config: Config) -> Iterator[Finding]:
    only = "only watched names are found in it"
    for language in config.affair.languages:
        name = config.nlp.models.get(language)
        if name is None:
            yield _note("models", f"{language}: none; {only}", "name one under [nlp.models]")
        elif find_spec(name) is None:
            remedy = "run ./run setup, or name an installed pipeline under [nlp.models]"
            yield _wrong("models", f"{language}: {name} is not installed; {only}", remedy)
        else:
            yield _good("models", f"{language}: {name}")


def _sources(config: Config, database: Path) -> Iterator[Finding]:
    from app.source_health import examine_sources

    if config.sources:
        yield examine_sources(config.sources, database)
        if not config.crawler.contact:
            fact = "the User-Agent names nobody to write to"
            yield _note("contact", fact, "set [crawler] contact")
    else:
        yield _note("sources", "none is configured", "`vigie add URL` finds and adds some")


def _queries(config: Config, database: Path) -> Iterator[Finding]:
    """Look for saved searches that the rule or a digest list names and nobody saved."""
    from app.configured_queries import find_faults
    from store.checkup import find_saved_queries

    saved = find_saved_queries(database)
    for error in () if saved is None else find_faults(config, saved):
        remedy = "correct it there, or save a query under that name with `vigie searches save`"
        yield _wrong("queries", error.reason, remedy)


def _logins(path: Path, config: Config) -> Iterator[Finding]:
    """Look at who can read a configuration that lets a reader in somewhere."""
    mode = path.stat().st_mode
    if mode & 0o077 and any(holds_secret(source.url) for source in config.sources):
        fact = f"{path} is {stat.filemode(mode)} and holds a login: others can read it"
        yield _wrong("configuration", fact, f"chmod 600 {shlex.quote(str(path))}")


def _mail(config: Config) -> Finding:
    mail = config.mail
    if not mail.host:
        wanted = any(digest.to for digest in config.digests)
        fact, remedy = "no server: digests are made, none is sent", "set [mail] host and sender"
        return (_wrong if wanted else _note)("mail", fact, remedy)
    fault = _password_fault(mail)
    if fault:
        return _wrong("mail", fault, "write the password there and chmod 600 the file")
    return _good("mail", f"{mail.host}:{mail.port}, {mail.security}")


def _password_fault(mail: Mail) -> str | None:
    if not mail.user:
        return None
    path = Path(mail.password_file)
    if not path.is_file():
        return f"password_file {mail.password_file!r} does not exist"
    if path.stat().st_mode & 0o077:
        return f"{path} can be read by others"
    return None


def _stamps(evidence: Evidence, database: Path, now: datetime) -> Iterator[Finding]:
    """Look at how long ago an authority attested the captures, where one is asked to."""
    from store.checkup import check_up

    if not evidence.timestamp_url:
        return
    if not evidence.timestamp_certificates:
        fact = "who signed them is not checked: no certificates are configured"
        yield _note("stamps", fact, "set [evidence] timestamp_certificates")
    elif fault := _certificates_fault(evidence.timestamp_certificates):
        yield _wrong("stamps", fault, "download the authority's root certificates there, as PEM")
    found = check_up(database)
    last = found.last_stamp_at
    if found.unstamped and (last is None or now - last > STAMPED_WITHIN):
        when = f"the last one is of {last:%Y-%m-%d %H:%M} UTC" if last else "there is none yet"
        waiting = count(found.unstamped, "capture waits", "captures wait")
        fact = f"{when}; {waiting} for one"
        yield _note("stamps", fact, "`vigie run` says why the authority gives none")
    elif last:
        yield _good("stamps", f"the last one is of {last:%Y-%m-%d %H:%M} UTC")


def _certificates_fault(file: str) -> str | None:
    from crawler.stamps import load_roots

    try:
        load_roots(file)
    except VigieError as error:
        return str(error)
    return None
