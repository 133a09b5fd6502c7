"""Backups made and put back, as the tests of faults 54 to 60 need them."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from store import open_store
from store.backup.making import Made, Wanted, make_backup
from store.backup.restoring import restore
from tests.store.makers import NOON, dump, keep, make_capture, make_reading

DAY = timedelta(days=1)


def silent(_: str) -> None:
    """Tell nobody how far something is."""


def back_up(data: Path, place: Path, now: datetime = NOON, **wanted: Any) -> Made:
    """Make a backup."""
    return make_backup(data, place, Wanted(now=now, program="test", **wanted), silent)


def put_back(folder: Path, data: Path, *, may_replace: bool = False):
    """Restore a backup, two days after noon."""
    return restore(folder, data, now=NOON + 2 * DAY, may_replace=may_replace, tell=silent)


def fill(data: Path, number: int, first: int = 0) -> None:
    """Keep imported articles and one page with its capture file."""
    with open_store(data) as store:
        for one in range(first, first + number):
            keep(store, make_reading(f"https://a.example/{one}"), raw=b"%d" % one)
        if not first:
            page = make_reading("https://a.example/page", text="Une page.")
            keep(store, page, capture=make_capture(data, b"la page"))


def held(data: Path) -> dict[str, Any]:
    """Return all rows, and all evidence files with their bytes."""
    with open_store(data) as store:
        rows = dump(store)
        assert store.database.value("PRAGMA integrity_check") == "ok"
    rows.pop("restored")
    files = {
        path.relative_to(data).as_posix(): path.read_bytes()
        for name in ("captures", "imports")
        for path in (data / name).rglob("*")
        if path.is_file()
    }
    return {"rows": rows, "files": files}
