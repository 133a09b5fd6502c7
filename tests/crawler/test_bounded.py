"""Documents read in child processes: what they cost, what they may not do, how they end."""

import asyncio
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crawler import bounded
from crawler.bounded import Bounded, WorkerBugError
from crawler.nursery import STAYS, VALUE
from crawler.reading import read_html
from model.errors import CrawlError, ExtractError
from tests.crawler import jobs
from tests.crawler.reading_feeds import respond
from tests.faults.running import start
from tests.faults.watching import article

URL = "http://site.example/a"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def pool() -> Iterator[Bounded]:
    with Bounded(2, wall_s=20) as running:
        yield running


def test_a_worker_says_what_this_process_would_say(pool: Bounded) -> None:
    head = '<meta property="article:published_time" content="2026-11-20T08:00:00">'
    page = article(1, head=head)
    here, there = read_html(page, URL), pool.call(read_html, page, URL)
    assert here == there
    assert isinstance(there.published_at, datetime)
    assert there.published_at.tzinfo == ZoneInfo("Europe/Paris")


ENDED = "was ended"
BAD = [
    pytest.param(jobs.spin, "more than 1.5 seconds", id="spins"),
    pytest.param(jobs.wait, "more than 1.5 seconds", id="waits"),
    pytest.param(jobs.crash, ENDED, id="crashes"),
    pytest.param(jobs.leave, ENDED, id="leaves"),
    pytest.param(jobs.eat_memory, "too much memory", id="eats memory"),
    pytest.param(jobs.nest, "nested too deeply", id="recurses"),
    pytest.param(jobs.answer_with_code, "cannot be handed over", id="answers with code"),
    pytest.param(jobs.answer_at_length, "too large to be kept", id="answers at length"),
]


@pytest.mark.timeout(30)
@pytest.mark.parametrize(("job", "reason"), BAD)
def test_a_job_that_goes_wrong_costs_no_other(job: Callable[[str], object], reason: str) -> None:
    async def both(pool: Bounded) -> tuple[object, object, object]:
        bad, beside = await asyncio.gather(
            pool.run(job, URL), pool.run(jobs.double, 4), return_exceptions=True
        )
        return bad, beside, await pool.run(jobs.double, 5)

    wall_s = 1.5 if job in (jobs.spin, jobs.wait) else 20
    with Bounded(2, wall_s=wall_s, answer_bytes=2 * MIB, memory_bytes=512 * MIB) as pool:
        pool.call(jobs.double, 1)
        bad, beside, after = asyncio.run(both(pool))
    assert isinstance(bad, ExtractError)
    assert (bad.url, bad.state) == (URL, "extract_failed")
    assert reason in bad.reason
    assert (beside, after) == (8, 10)


@pytest.mark.timeout(30)
def test_the_system_ends_what_takes_its_cpu_seconds() -> None:
    with Bounded(1, cpu_s=1, wall_s=25) as pool:
        with pytest.raises(ExtractError, match=ENDED):
            pool.call(jobs.spin, URL)
        assert pool.call(jobs.double, 2) == 4


def test_each_job_has_the_cpu_seconds_anew() -> None:
    with Bounded(1, cpu_s=1) as pool:
        pid = pool.call(jobs.number_of_this_process)
        for _ in range(4):
            pool.call(jobs.burn, 0.6)
        assert pool.call(jobs.number_of_this_process) == pid


def test_what_a_reader_says_of_a_document_comes_back_as_itself(pool: Bounded) -> None:
    with pytest.raises(CrawlError) as caught:
        pool.call(jobs.fail, URL, "not_a_feed")
    error = caught.value
    assert type(error) is CrawlError
    assert (error.url, error.state, error.reason) == (URL, "not_a_feed", "as asked")


def test_a_bug_of_ours_is_told_as_one(pool: Bounded) -> None:
    with pytest.raises(WorkerBugError, match="KeyError") as caught:
        pool.call(jobs.meet_a_bug, URL)
    assert "in meet_a_bug" in caught.value.__notes__[0]


@pytest.mark.parametrize(
    ("args", "url"),
    [((b"<p>", URL), URL), (("<p>a", URL), URL), ((respond(b"", url=URL), None), URL),
     (("<p>http://other.example/",), "a document"), ((), "a document")],
    ids=["bytes and address", "text and address", "response", "text", "nothing"],
)  # fmt: skip
def test_an_error_names_the_address_that_was_read(
    pool: Bounded, args: tuple[object, ...], url: str
) -> None:
    with pytest.raises(ExtractError) as caught:
        pool.call(jobs.leave_at_once, *args)
    assert caught.value.url == url


def test_an_answer_runs_nothing_here(pool: Bounded, tmp_path: Path) -> None:
    with pytest.raises(ExtractError, match="cannot be taken over"):
        pool.call(jobs.answer_with_a_trap, str(tmp_path / "made"))
    assert not (tmp_path / "made").exists()


def test_an_answer_changes_no_class_of_the_program() -> None:
    state = b"N}\x8c\x04peer\x8c\x0d192.0.2.1:443s\x86b."
    packed = b"\x80\x05cmodel.capture\nResponse\n" + state
    bounded._value_of(VALUE + STAYS + packed, URL)
    assert respond(b"").peer is None


def test_an_answer_does_not_say_how_much_memory_is_taken_here() -> None:
    packed = b"\x80\x05cbuiltins\nbytearray\n\x8a\x05\x00\x00\x00\x00\x02\x85R."
    with pytest.raises(ExtractError, match="is not expected"):
        bounded._value_of(VALUE + STAYS + packed, URL)


@pytest.mark.timeout(30)
def test_a_worker_that_stops_in_the_middle_of_its_answer_is_ended() -> None:
    with Bounded(1, wall_s=1) as pool:
        assert pool.call(jobs.double, 1) == 2
        with pytest.raises(ExtractError, match="was ended"):
            pool.call(jobs.answer_half, URL)
        assert pool.call(jobs.double, 2) == 4


@pytest.mark.parametrize(
    "job",
    [jobs.open_file, jobs.write_file, jobs.remove_file, jobs.start_program],
    ids=lambda job: job.__name__,
)
def test_a_document_may_touch_no_file_and_start_nothing(
    pool: Bounded, tmp_path: Path, job: Callable[[str], object]
) -> None:
    file = tmp_path / "secret.txt"
    file.write_text("un secret", encoding="utf-8")
    with pytest.raises(WorkerBugError, match="a document may not"):
        pool.call(job, str(file))
    assert file.read_text(encoding="utf-8") == "un secret"


def test_a_document_may_connect_to_nothing(pool: Bounded) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        with pytest.raises(WorkerBugError, match=r"a document may not do socket\."):
            pool.call(jobs.connect, str(listening.getsockname()[1]))
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_not_a_byte_is_written_even_where_python_does_not_see_it(
    pool: Bounded, tmp_path: Path
) -> None:
    pool.call(jobs.write_unseen, str(tmp_path / "out.xml"))
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) == 0


def test_a_worker_holds_nothing_of_the_program(
    pool: Bounded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("VIGIE_SMTP_PASSWORD", "secret")
    with socket.create_server(("127.0.0.1", 0)), (tmp_path / "f").open("wb"), Bounded(1) as own:
        assert own.call(jobs.environment, "VIGIE_SMTP_PASSWORD") is None
        # standard input, output and errors, and the pipe that jobs come by
        assert own.call(jobs.open_descriptors) == 4


def test_workers_are_kept_and_no_more_are_started_than_asked_for() -> None:
    async def many(pool: Bounded) -> set[int]:
        asked = (pool.run(jobs.number_of_this_process) for _ in range(40))
        return set(await asyncio.gather(*asked))

    with Bounded(2) as pool:
        assert 1 <= len(asyncio.run(many(pool))) <= 2


def test_a_worker_that_grew_is_replaced() -> None:
    with Bounded(1) as pool:
        pid = pool.call(jobs.number_of_this_process)
        assert pool.call(jobs.grow, 300) == 300 * MIB
        assert pool.call(jobs.number_of_this_process) != pid


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when a process ends")
def test_a_worker_that_ended_between_two_documents_costs_none(pool: Bounded) -> None:
    with Bounded(1) as own:
        pid = own.call(jobs.number_of_this_process)
        handle = os.pidfd_open(pid)
        os.kill(pid, signal.SIGKILL)
        select.select([handle], [], [], 10)
        os.close(handle)
        assert own.call(jobs.double, 2) == 4


def test_who_waits_for_a_worker_is_told_when_the_pool_is_closed() -> None:
    async def wait(pool: Bounded) -> None:
        waiting = asyncio.create_task(pool.run(jobs.wait, URL))
        await pool.run(jobs.double, 1)
        pool.close()
        await waiting

    with pytest.raises(ExtractError, match=ENDED):
        asyncio.run(wait(Bounded(2)))


def test_the_process_that_starts_workers_may_end_and_is_started_again(pool: Bounded) -> None:
    process = bounded._nursery._process
    assert process is not None
    process.kill()
    process.wait()
    with Bounded(1) as another:
        assert another.call(jobs.double, 3) == 6


def test_the_parent_stays_small_whatever_a_document_becomes(pool: Bounded) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ExtractError):
        pool.call(jobs.eat_memory, URL)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


PROGRAM = """
import sys, threading
from pathlib import Path
from crawler.bounded import Bounded
from tests.crawler import jobs

def children():
    return Path("/proc/self/task").glob("*/children")

with Bounded(2) as pool:
    print(*(text for file in children() if (text := file.read_text().strip())), flush=True)
    print(pool.call(jobs.number_of_this_process), flush=True)
    print(*(text for file in children() if (text := file.read_text().strip())), flush=True)
    pool.call(getattr(jobs, sys.argv[1]), "http://site.example/")
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="only Linux tells when a process ends")
@pytest.mark.parametrize("job", ["wait", "spin"])
def test_workers_start_with_the_first_job_and_end_with_a_killed_program(job: str) -> None:
    program = start(PROGRAM, job)
    assert program.stdout is not None
    assert program.stdout.readline() == "\n"
    worker, nursery = (int(program.stdout.readline()) for _ in range(2))
    handles = [os.pidfd_open(worker), os.pidfd_open(nursery)]
    program.kill()
    program.communicate()
    for handle in handles:
        try:
            assert select.select([handle], [], [], 10)[0], "it outlives its program"
        finally:
            os.close(handle)


def test_ctrl_c_in_a_terminal_reaches_the_program_only(pool: Bounded) -> None:
    pid = pool.call(jobs.number_of_this_process)
    assert os.getpgid(pid) != os.getpgid(0)
    os.kill(pid, signal.SIGINT)
    assert pool.call(jobs.double, 2) == 4


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS bounds no address space")
def test_memory_is_bounded_beyond_what_the_worker_began_with() -> None:
    with Bounded(1, memory_bytes=64 * MIB) as pool:
        assert pool.call(jobs.double, 1) == 2
        with pytest.raises(ExtractError, match="memory"):
            pool.call(bytes, 100 * MIB)
