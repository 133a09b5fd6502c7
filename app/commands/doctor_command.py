"""`vigie doctor`: what is wrong with this installation and how to mend it."""

import click

from app.health import Finding, Level, examine
from app.output import print_json, print_table
from app.workplace import Workplace, utc_now

MARKS = {Level.GOOD: "ok", Level.WARNING: "note", Level.BAD: "WRONG"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def command(workplace: Workplace, *, as_json: bool) -> int:
    """Say what is wrong with this installation and how to mend it.

    It looks at Python, SQLite, the disk, the clock, who can read the data, the database, the
    configuration, the models, the sources and the mail; it changes nothing. Exit status 1 when
    something is wrong.

    \b
    Examples:
      vigie doctor
      vigie --config harbour/config.toml doctor --json
    """
    findings = examine(workplace, utc_now())
    if as_json:
        print_json(findings)
    else:
        print_table(
            "Health of this installation", ("", "part", "what is so", "remedy"), _rows(findings)
        )
    return 1 if any(finding.level is Level.BAD for finding in findings) else 0


def _rows(findings: tuple[Finding, ...]) -> list[tuple[str, str, str, str]]:
    return [(MARKS[item.level], item.subject, item.fact, item.remedy) for item in findings]
