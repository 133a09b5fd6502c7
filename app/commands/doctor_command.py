"""`vigie doctor`: what is wrong with this installation and how to mend it."""

import click

from app.health import Finding, Level, examine
from app.output import print_hanging, print_json
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
        click.echo("Health of this installation\n")
        for finding in findings:
            _show(finding)
    return 1 if any(finding.level is Level.BAD for finding in findings) else 0


def _show(finding: Finding) -> None:
    """Print what is so behind its mark, and below it what to do."""
    print_hanging(f"{MARKS[finding.level]:<6} {finding.subject:<14} ", finding.fact)
    if finding.remedy:
        print_hanging(" " * 19 + "-> ", finding.remedy)
