"""The demo replaces what an earlier demo left, and touches nothing else."""

from pathlib import Path

import pytest

from app.demo import MARK, run_demo
from model.errors import ConfigError


def never(_: object) -> object:
    """Fail: no pass may begin."""
    raise AssertionError("a pass began")


THEIRS = [
    {"config.toml": "[affair]\n"},
    {"notes.txt": "mine"},
    {"config.toml": MARK, "notes.txt": "mine"},
]


@pytest.mark.parametrize("files", THEIRS, ids=["an affair", "notes", "notes beside a demo"])
def test_a_folder_with_anything_else_is_left_as_it_is(
    tmp_path: Path, files: dict[str, str]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="another --folder"):
        run_demo(tmp_path, never)  # type: ignore[arg-type]
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == files
