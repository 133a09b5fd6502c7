"""The command line: names of commands, global options, exit statuses.

It imports no command before it is called, so that `vigie --help` stays instant.
"""

import os
import sys
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import click

from app.output import note, note_place
from app.workplace import Workplace
from model.errors import QueryError, VigieError

COMMANDS = {
    "run": "Make one pass: poll what is due, read pages, process what is kept.",
    "import": "Import records, pages, feeds' lists, archives or addresses.",
    "add": "Find what an address offers and add it to what is polled.",
    "extract": "Read pages without a database and print JSON lines.",
    "tag": "Find names, dates and quotes in JSON lines, without a database.",
    "search": "Search all that is held.",
    "searches": "Keep queries under names.",
    "rules": "Try a rule over what is held, before it stands in the configuration.",
    "timeline": "Show what happened, or what was published, by date.",
    "changes": "Show what is new, edited, removed or back since a moment.",
    "show": "Show one article with its mentions, dates and versions.",
    "diff": "Show what changed between two versions of an article.",
    "mark": "Star articles, say that they are read, give them tags and notes.",
    "entities": "Show who and what is named, and decide who is whom.",
    "stories": "List developments and who was first to tell them.",
    "copies": "List articles that repeat another's text.",
    "sources": "List what is polled, how it goes and why.",
    "digest": "Make the digest of one local date.",
    "serve": "Serve the page with the timeline on this machine.",
    "verify": "Check that all that was kept still matches its proof.",
    "export": "Write what is held for others: articles, their evidence, the sources.",
    "rebuild": "Make again what is derived: search index, tags, copies, stories, events.",
    "prune": "Let go of old texts that never belonged to the affair.",
    "backup": "Copy everything that is held, whole, while others write.",
    "restore": "Put a backup in the place of the data, or list the backups.",
    "init": "Write a configuration for a new affair.",
    "doctor": "Say what is wrong with this installation and how to mend it.",
    "demo": "Show the whole program working on an invented press.",
}

EXAMPLES = """\b
Examples:
  vigie import ../shared/seeds
  vigie run
  vigie timeline --by event --limit 10
  vigie search '"reconnaissance faciale" entity:CNIL'

\b
Exit statuses: 0 done, 1 failure, 2 wrong use, 4 partly done,
5 damage found, 75 busy.
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called.

    `offered` are their names and what each does; `place` is the module of one, with `{}` for its
    name.
    """

    offered: ClassVar[dict[str, str]] = COMMANDS
    place = "app.commands.{}_command"

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the work."""
        return list(self.offered)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in self.offered:
            return None
        module = import_module(self.place.format(cmd_name))
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table above, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self.offered.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Resolve a command, naming the nearest one when there is none."""
        if args and args[0] not in self.offered and not args[0].startswith("-"):
            raise click.UsageError(_unknown_command(args[0], self.offered, ctx.command_path), ctx)
        return super().resolve_command(ctx, args)


def _unknown_command(name: str, offered: Iterable[str], path: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(offered), n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"`{path} --help` lists them."
    return f"there is no command `{name}`; {hint}"


READER_LEFT = 141
"""The status by which shells know what SIGPIPE ended: 128 and the signal's number, 13."""


class ReaderLeftError(Exception):
    """Whoever read the output left before its end, as `head` does."""


class Program(LazyGroup):
    """The whole program: click itself would end it with status 1 where its reader left."""

    def make_context(self, *args: Any, **options: Any) -> click.Context:
        """Read the arguments, which prints already where help is asked for."""
        with _noticing_who_left():
            return super().make_context(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for."""
        with _noticing_who_left():
            return super().invoke(ctx)


@contextmanager
def _noticing_who_left() -> Iterator[None]:
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderLeftError from error


@click.group(cls=Program, epilog=EXAMPLES, context_settings={"max_content_width": 100})
@click.version_option("0.1.0", prog_name="vigie")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="VIGIE_CONFIG",
    help="The affair's configuration (default: config.toml here, else the shipped one).",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="VIGIE_DATA",
    help="The folder of vigie.db and the captures (default: data beside the configuration).",
)
@click.pass_context
def vigie(ctx: click.Context, config: Path | None, data: Path | None) -> None:
    """Keep watch over one public affair. / Veiller sur une affaire publique."""
    ctx.obj = Workplace.at(config, data)


def main(**options: Any) -> None:
    """Run the command line and leave with its exit status."""
    _fill_closed_streams()
    try:
        status = vigie.main(standalone_mode=False, **options)
    except click.exceptions.Exit as exit_:
        sys.exit(exit_.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped; nothing is lost, the next run goes on from here.", err=True)
        sys.exit(130)
    except ReaderLeftError:
        # what is left in the buffer is written when Python ends, and would fail again
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(READER_LEFT)
    except VigieError as error:
        _tell(error)
        sys.exit(error.exit_status)
    except OSError as error:
        note(f"vigie: {_os_sentence(error)}")
        sys.exit(1)
    except Exception:
        traceback.print_exc()
        click.echo("vigie: this is a bug; the lines above say where.", err=True)
        sys.exit(1)
    sys.exit(status if isinstance(status, int) else 0)


def _fill_closed_streams() -> None:
    """Have nothing where a shell closed a stream (`>&-`), or the next file takes its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))


def _tell(error: VigieError) -> None:
    if isinstance(error, QueryError):
        note_place(f"vigie: {error.reason}", error)
    else:
        note(f"vigie: {error}")


def _os_sentence(error: OSError) -> str:
    import errno

    place = f"{error.filename}: " if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"{place}the disk is full: free some space and run again; nothing kept is lost."
    if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
        return f"{place}this may not be read or written ({error.strerror}): mend its rights."
    return f"{place}{error.strerror or error}"
