"""The chain is stamped once a day, what fails is told and tried again, and all of it is checked."""

import asyncio
import json
import re
import shutil
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from app.cli import vigie
from app.health import Level, examine
from app.pipeline import make_pass
from app.workplace import Workplace
from model.config import Affair, Config, CrawlerSettings, Evidence, NlpSettings
from nlp.tagging import Tagger
from store import open_store
from tests.crawler.authority import HOST, make_authority, running
from tests.store.makers import keep, make_reading

MORNING = datetime(2023, 11, 21, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("stamps") / "authority"
    make_authority(made)
    return made


@pytest.fixture
def authority(folder):
    with running(folder) as served:
        yield served


@pytest.fixture
def held(tmp_path):
    with open_store(tmp_path / "data") as store:
        capture(store, 1)
        yield store


def capture(store, number):
    keep(store, make_reading(f"https://a.example/{number}"), raw=b"page %d" % number)


def run(store, authority, now=MORNING, **evidence):
    config = Config(
        affair=Affair(name="Le port", match="caméras"),
        crawler=CrawlerSettings(hosts={HOST: f"127.0.0.1:{authority.port}"}, per_host_gap_s=0),
        evidence=Evidence(**{"timestamp_url": f"http://{HOST}/tsr?token=hidden"} | evidence),
        nlp=NlpSettings(models={}),
    )
    tagger = Tagger((), config.nlp)
    return asyncio.run(make_pass(config, store, tagger, lambda: now, lambda _: None))


def stamped(store):
    return [row["captures"] for row in store.database.rows("SELECT captures FROM stamp")]


def test_the_first_pass_of_a_day_with_new_captures_has_the_chain_stamped(held, authority, folder):
    roots = str(folder / "root.pem")
    summary = run(held, authority, timestamp_certificates=roots)
    assert (summary.faults, summary.counts["stamps_made"]) == ((), 1)
    capture(held, 2)
    run(held, authority, MORNING + timedelta(hours=16))
    assert stamped(held) == [1]
    run(held, authority, MORNING + timedelta(hours=17))
    assert stamped(held) == [1, 2]
    run(held, authority, MORNING + timedelta(days=2))
    assert stamped(held) == [1, 2]
    assert len(authority.asked) == 2


def test_nothing_is_asked_where_no_authority_is_named_or_nothing_is_captured(
    tmp_path, held, authority
):
    assert run(held, authority, timestamp_url="").faults == ()
    with open_store(tmp_path / "empty") as empty:
        assert run(empty, authority).faults == ()
    assert authority.asked == []


def test_an_authority_that_fails_is_told_stops_nothing_and_is_asked_again(held, authority):
    authority.status = 503
    (fault,) = run(held, authority).faults
    assert fault.reason == "no time stamp today: it answers 503"
    assert "hidden" not in fault.url
    assert stamped(held) == []
    assert held.database.value("SELECT status FROM run") == "partial"
    authority.status = 200
    assert run(held, authority, MORNING + timedelta(minutes=10)).faults == ()
    assert stamped(held) == [1]


def test_certificates_that_cannot_be_read_are_a_fault_of_the_pass(held, authority):
    (fault,) = run(held, authority, timestamp_certificates="nowhere.pem").faults
    assert "'nowhere.pem' cannot be used" in fault.reason
    assert authority.asked == []


def test_a_stamp_changes_no_record_and_cannot_be_changed(held, authority):
    before = held.verify()
    run(held, authority)
    after = held.verify()
    unstamped = {"stamps": 0, "lines": before.lines, "ledger_head": before.ledger_head}
    assert msgspec.structs.replace(after, **unstamped) == before
    assert (after.stamps, after.lines) == (1, before.lines + 1)
    for change in ("UPDATE stamp SET captures = 9", "DELETE FROM stamp"):
        with pytest.raises(Exception, match="a stamp is never"), held.database.writing():
            held.database.execute(change)


def verify(held, roots=""):
    config = held.data.parent / "config.toml"
    evidence = f'[evidence]\ntimestamp_certificates = "{roots}"\n'
    config.write_text(f'[affair]\nname = "x"\nmatch = "x"\n{evidence}', encoding="utf-8")
    called = ["--config", str(config), "--data", str(held.data), "verify"]
    return vigie.main(called, standalone_mode=False)


def alter(store, statement):
    for table in ("stamp", "capture"):
        store.database.execute(f"DROP TRIGGER {table}_is_never_changed")
    store.database.execute(statement)


def test_verify_says_whether_the_certificates_were_looked_at(held, authority, folder, capsys):
    run(held, authority)
    assert verify(held) == 0
    assert "1 time stamp attests the chain; who signed them is not" in capsys.readouterr().out
    assert verify(held, folder / "root.pem") == 0
    assert "signed as your certificates say" in capsys.readouterr().out


def test_a_stamp_that_another_authority_signed_is_damage(held, authority, tmp_path, capsys):
    run(held, authority)
    other = make_authority(tmp_path / "other")
    assert verify(held, other) == 5
    assert "not one of the authority's certificates" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE stamp SET chain = 'abab'", "attests another chain"),
        ("UPDATE stamp SET token = x'3003020100'", "no time stamp"),
        ("UPDATE capture SET url = 'https://b.example/'", "capture 1 .* was changed"),
    ],
    ids=["the link", "the token", "a row before"],
)
def test_what_is_changed_in_a_stamp_or_under_it_is_named(held, authority, statement, said, capsys):
    run(held, authority)
    alter(held, statement)
    assert verify(held) == 5
    assert re.search(said, capsys.readouterr().err)


def test_a_log_written_anew_no_longer_fits_its_stamp(held, authority, capsys):
    """Whoever has the file can make a whole new chain, but not the stamp of the old one."""
    from store.evidence.captures import chained, link

    run(held, authority)
    alter(held, "UPDATE capture SET fetched_at = '2020-01-01T00:00:00Z'")
    row = held.database.find_row("SELECT * FROM capture")
    forged = link("", chained(row, 0))
    held.database.execute("UPDATE capture SET chain = ?", (forged,))
    held.database.execute("UPDATE chain_head SET chain = ?", (forged,))
    assert verify(held) == 5
    assert "attests another chain" in capsys.readouterr().err


def test_verify_counts_stamps_as_json(held, authority, capsys):
    run(held, authority)
    config = held.data.parent / "config.toml"
    verify(held)
    capsys.readouterr()
    called = ["--config", str(config), "--data", str(held.data), "verify", "--json"]
    vigie.main(called, standalone_mode=False)
    assert json.loads(capsys.readouterr().out)["stamps"] == 1


def looked_at(held, now, certificates=""):
    path = held.data.parent / "config.toml"
    more = f'[evidence]\ntimestamp_url = "http://x/"\ntimestamp_certificates = "{certificates}"\n'
    path.write_text(f'[affair]\nname = "x"\nmatch = "x"\n{more}', encoding="utf-8")
    found = examine(Workplace(config_path=path, data=held.data), now)
    return [(one.level, one.fact) for one in found if one.subject == "stamps"]


def test_doctor_says_when_the_last_stamp_is_old(held, authority, folder):
    roots = folder / "root.pem"
    waits = (Level.WARNING, "there is none yet; 1 capture waits for one")
    assert looked_at(held, MORNING, roots) == [waits]
    run(held, authority)
    good = (Level.GOOD, "the last one is of 2023-11-21 07:00 UTC")
    assert looked_at(held, MORNING + timedelta(days=30), roots) == [good]
    capture(held, 2)
    assert looked_at(held, MORNING + timedelta(days=2), roots) == [good]
    old = (Level.WARNING, "the last one is of 2023-11-21 07:00 UTC; 1 capture waits for one")
    assert looked_at(held, MORNING + timedelta(days=2, seconds=1), roots) == [old]


@pytest.mark.parametrize(
    ("certificates", "level", "said"),
    [("", Level.WARNING, "not checked"), ("absent.pem", Level.BAD, "cannot be used")],
    ids=["none", "missing"],
)
def test_doctor_says_when_stamps_cannot_be_checked(held, certificates, level, said):
    (found, fact), *_ = looked_at(held, MORNING, certificates)
    assert (found, said in fact) == (level, True)


def test_certificates_are_found_beside_the_configuration(held, authority, folder, capsys):
    run(held, authority)
    shutil.copy(folder / "root.pem", held.data.parent / "roots.pem")
    assert verify(held, "roots.pem") == 0
    assert "signed as your certificates say" in capsys.readouterr().out
