"""Fault 57: the drill of putting a backup back, and no mail sent twice."""

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from app.digests import Sender, settle_digest
from app.schedule import Watch
from app.workplace import Workplace
from digest.render import Rendered
from model.config import load_config
from model.errors import BusyError, DamageError, StoreError
from store import open_store
from store.backup.folders import FACTS, SUMS
from store.backup.restoring import check_backup, end_restore, restore
from store.sqlite import sqlite3
from tests.digest.test_send import MailServer, context, settings
from tests.faults.backing_up import DAY, back_up, fill, held, put_back, silent
from tests.faults.running import call_vigie, start, write_config
from tests.store.makers import NOON, keep, make_reading

WRITING = """
import sys
from pathlib import Path
from store import open_store
from tests.store.makers import keep, make_reading
with open_store(Path(sys.argv[1])) as store:
    print("writing", flush=True)
    for number in range(int(sys.argv[2])):
        url = f"https://b.example/{number}"
        keep(store, make_reading(url, text="mot " * 200), raw=url.encode())
"""


def test_fault_57_the_drill_backup_during_writes_wipe_restore(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "backups"
    fill(data, 20)
    writer = start(WRITING, data, 400)
    assert writer.stdout
    assert writer.stdout.readline() == "writing\n"
    made = [back_up(data, place, NOON + timedelta(seconds=n)).backup for n in range(3)]
    assert writer.communicate()[1] == ""
    assert writer.returncode == 0
    fill(data, 0, first=1)
    made.append(back_up(data, place, NOON + DAY).backup)
    wanted = held(data)
    for one in made:
        assert check_backup(one.folder, silent) == one
    counts = [one.facts.rows["article"] for one in made]
    assert 21 <= counts[0] <= counts[1] <= counts[2] <= counts[3] == 421
    shutil.rmtree(data)
    put_back(made[-1].folder, data)
    assert held(data) == wanted
    with open_store(data) as store:
        assert store.verify().captures == 421
        assert keep(store, make_reading("https://a.example/1"), raw=b"1").outcome == "same"
    shutil.rmtree(data)
    done = put_back(made[0].folder, data)
    assert (done.captures, done.damages) == (made[0].facts.rows["capture"], ())


@pytest.mark.parametrize("spoilt", ["vigie.db", "captures/a.warc.gz", FACTS, SUMS])
@pytest.mark.parametrize("how", ["flipped", "cut", "gone"])
def test_fault_57_a_spoilt_backup_is_refused_and_nothing_is_touched(
    tmp_path: Path, spoilt: str, how: str
) -> None:
    data = tmp_path / "data"
    fill(data, 2)
    folder = back_up(data, tmp_path / "backups").backup.folder
    file = folder / spoilt
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    if how == "gone":
        file.unlink()
    else:
        file.write_bytes(content if how == "flipped" else content[:-1])
    before = held(data)
    with pytest.raises(StoreError) as refused:
        put_back(folder, data, may_replace=True)
    assert str(folder) in str(refused.value)
    assert held(data) == before
    assert not list(data.glob("replaced-*"))


def test_fault_57_sums_lead_nowhere_else(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, 1)
    folder = back_up(data, tmp_path / "backups").backup.folder
    (tmp_path / "secret").write_bytes(b"x")
    for line in ("captures/../../../secret", "/etc/passwd", "captures/x\x00"):
        text = (folder / SUMS).read_text()
        (folder / SUMS).write_text(f"{text}{'0' * 64}  {line}\n")
        with pytest.raises(DamageError):
            check_backup(folder, silent)
        (folder / SUMS).write_text(text)
    kept = folder / "captures/a.warc.gz"
    kept.unlink()
    kept.symlink_to(data / "captures/a.warc.gz")
    with pytest.raises(DamageError, match=r"a\.warc\.gz"):
        check_backup(folder, silent)


def test_fault_57_what_is_there_is_left_alone_or_moved_aside(tmp_path: Path) -> None:
    write_config(tmp_path)
    data, place = tmp_path / "data", tmp_path / "backups"
    fill(data, 2)
    folder = back_up(data, place).backup.folder
    fill(data, 3, first=2)
    later = held(data)
    refused = call_vigie(tmp_path, "restore", str(folder))
    assert (refused.returncode, "vigie.db" in refused.stderr) == (1, True)
    assert held(data) == later
    done = call_vigie(tmp_path, "restore", str(folder), "--replace", "--json")
    assert done.returncode == 0
    aside = Path(json.loads(done.stdout)["aside"])
    assert held(data)["rows"]["article"] == later["rows"]["article"][:3]
    assert held(aside) == later
    with open_store(data) as store, store.lock("run"), pytest.raises(BusyError):
        put_back(folder, data, may_replace=True)
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "letters.txt").write_text("x")
    with pytest.raises(StoreError, match=r"letters\.txt"):
        put_back(folder, strange)


KILLED_MOVING = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from store.backup.restoring import restore
left, rename = int(sys.argv[3]), Path.rename
def kill(self, target):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), 9)
    return rename(self, target)
Path.rename = kill
now = datetime(2023, 11, 23, tzinfo=UTC)
restore(Path(sys.argv[1]), Path(sys.argv[2]), now=now, may_replace=True, tell=lambda _: None)
print("whole")
"""


def test_fault_57_a_restore_killed_at_any_move_is_ended_by_the_next(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "backups"
    write_config(tmp_path)
    fill(data, 2)
    folder = back_up(data, place).backup.folder
    wanted = held(data)
    fill(data, 3, first=2)
    later, moves = held(data), 0
    while True:
        killed = start(KILLED_MOVING, folder, data, moves)
        if killed.communicate()[0] == "whole\n":
            break
        moves += 1
        if (data / ".restoring").exists():
            with pytest.raises(StoreError, match="broken off"):
                open_store(data)
            with pytest.raises(StoreError, match="broken off"):
                open_store(data, read_only=True)
            done = call_vigie(tmp_path, "restore")
            assert done.returncode == 0
            assert "ended" in done.stdout
            assert held(data) == wanted
        else:
            assert held(data) in (later, wanted)
        assert end_restore(data, now=NOON) is None
    assert moves >= 6
    assert held(data) == wanted


def test_fault_60_a_strange_database_in_a_backup_is_not_opened_for_writing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    fill(data, 1)
    folder = back_up(data, tmp_path / "backups").backup.folder
    for line in ("PRAGMA user_version = 9999", "PRAGMA application_id = 1"):
        content = (folder / "vigie.db").read_bytes()
        with sqlite3.connect(folder / "vigie.db") as theirs:
            theirs.execute(line)
        theirs.close()
        sums = (folder / SUMS).read_text()
        (folder / SUMS).write_text(sums.replace(digest(content), digest(folder / "vigie.db")))
        before = (folder / "vigie.db").read_bytes()
        with pytest.raises(StoreError, match=r"newer vigie|no database of vigie"):
            put_back(folder, tmp_path / "new")
        assert (folder / "vigie.db").read_bytes() == before
        assert not (tmp_path / "new/vigie.db").exists()
        (folder / "vigie.db").write_bytes(content)
        (folder / SUMS).write_text(sums)


def digest(content: bytes | Path) -> str:
    """Return a SHA-256."""
    import hashlib

    raw = content.read_bytes() if isinstance(content, Path) else content
    return hashlib.sha256(raw).hexdigest()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with MailServer(context(authority)) as server:
        yield server


TO = ["a@x.example", "full@x.example"]


"""The second one's server says that it is to be tried later."""


MAIL = Rendered(subject="s", text="t", html="h")


def send(
    data: Path, port: int, on: date, now: datetime, *, with_unknown: bool = False
) -> list[str]:
    """Send the digest of a day as the watch does; return who was written to."""
    told: list[str] = []
    config = settings(port, TO)
    with open_store(data) as store:
        wanted = config.digests[0]
        settle_digest(store, config, wanted, on, now=now)
        sender = Sender(store, config, wanted, on, with_unknown=with_unknown)
        sender.note_doubts(now=now)
        if sender.waiting():
            sender.send(MAIL, now=now, tell=lambda answer: told.append(answer.recipient))
    return told


def test_fault_57_a_restored_copy_sends_no_mail_again(tmp_path: Path, server: MailServer) -> None:
    data = tmp_path / "data"
    fill(data, 1)
    monday, port = date(2023, 11, 20), server.port
    mornings = [NOON + n * DAY for n in range(5)]  # of the 21st and the days after
    assert send(data, port, monday, mornings[0]) == TO
    folder = back_up(data, tmp_path / "backups", mornings[0]).backup.folder
    assert send(data, port, monday + DAY, mornings[1]) == TO
    sent = len(server.handler.taken)
    shutil.rmtree(data)
    restore(folder, data, now=mornings[1], may_replace=False, tell=silent)
    for on in (monday, monday + DAY):  # one is known to be sent, of the other nobody knows
        assert send(data, port, on, mornings[2]) == []
    assert len(server.handler.taken) == sent
    with open_store(data) as store:
        states = {one.recipient: one.state for one in store.deliveries("q", monday + DAY)}
    assert states == dict.fromkeys(TO, "unknown")
    assert send(data, port, monday + DAY, mornings[2], with_unknown=True) == TO
    assert send(data, port, monday + DAY, mornings[2], with_unknown=True) == TO[1:]
    assert send(data, port, monday + 2 * DAY, mornings[2]) == TO


def test_fault_57_a_mail_that_was_put_off_may_have_gone_out_since(
    tmp_path: Path, server: MailServer
) -> None:
    data, monday = tmp_path / "data", date(2023, 11, 20)
    fill(data, 1)
    assert send(data, server.port, monday, NOON) == TO
    folder = back_up(data, tmp_path / "backups").backup.folder
    put_back(folder, data, may_replace=True)
    assert send(data, server.port, monday, NOON + 3 * DAY) == []
    assert send(data, server.port, monday, NOON + 3 * DAY, with_unknown=True) == TO[1:]


def test_fault_57_the_watch_sends_nothing_again_and_says_so_once(
    tmp_path: Path, server: MailServer
) -> None:
    mail = (
        f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsender = "v@x.example"\n'
        '[[digests]]\nname = "q"\nat = "07:00"\nto = ["a@x.example"]\n'
    )
    workplace = Workplace.at(write_config(tmp_path, mail), None)
    data, now = workplace.data, [NOON + DAY]
    said: list[str] = []
    watch = Watch(workplace, load_config(workplace.config_path), lambda: now[0], said.append)
    fill(data, 1)
    watch.make_digests()
    assert len(server.handler.taken) == 1
    folder = back_up(data, tmp_path / "backups", now[0]).backup.folder
    now[0] += DAY
    watch.make_digests()
    assert len(server.handler.taken) == 2
    shutil.rmtree(data)
    restore(folder, data, now=now[0], may_replace=False, tell=silent)
    said.clear()
    for _ in range(3):
        watch.make_digests()
    assert len(server.handler.taken) == 2
    assert sum("--unknown-too" in one for one in said) == 1
    now[0] += DAY
    watch.make_digests()
    assert len(server.handler.taken) == 3
