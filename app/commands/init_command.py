"""`vigie init`: a configuration for a new affair."""

from pathlib import Path

import click

from app.output import note
from app.template import CONFIG_TEMPLATE
from model.config import parse_config
from model.errors import ConfigError
from model.words import words


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="A new affair", help="What the affair is called.")
@click.option(
    "--match", default="", help="The rule that keeps an article, e.g. 'BriefCam OR CNIL'."
)
def command(folder: Path, name: str, match: str) -> None:
    """Write a commented config.toml for a new affair into FOLDER.

    An existing file is never replaced.

    \b
    Examples:
      vigie init harbour
      vigie init harbour --name "The harbour" --match '"harbour contract"'
    """
    target = folder / "config.toml"
    if target.exists():
        raise ConfigError(f"{target} exists and is left as it is: choose another folder")
    text = _filled(name, match or _phrase(name))
    parse_config(text, str(target))
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    target.chmod(0o600)
    note(f"{target} is written. Name in it who and what is involved, then:")
    note(f"  ./run vigie --config {target} add https://paper.example/")
    note(f"  ./run vigie --config {target} doctor")
    note(f"  ./run vigie --config {target} run")


def _phrase(name: str) -> str:
    return f'"{" ".join(words(name))}"'


def _filled(name: str, match: str) -> str:
    return CONFIG_TEMPLATE.replace("@NAME@", _toml_text(name)).replace("@MATCH@", _toml_text(match))


def _toml_text(text: str) -> str:
    import tomlkit

    return tomlkit.item(text).as_string()
