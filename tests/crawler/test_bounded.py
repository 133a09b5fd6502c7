"""Documents read in child processes: what they cost, what they may not do, how they end."""

import asyncio
import os
import pickle
import resource
import select
import signal
import socket
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler import bounded
from crawler.bounded import Bounded, WorkerBugError
from crawler.listing import list_entries
from crawler.nursery import ERROR, STAYS, VALUE
from crawler.reading import read_html
from model.errors import CrawlError, ExtractError
from model.source import Listing
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
    # the day that a page gives must stay the same day
    assert there.published_at.utcoffset() == timedelta(hours=1)


ENDED = "was ended"
BAD = [
    pytest.param(jobs.spin, "more than 1.5 seconds", id="spins"),
    pytest.param(jobs.wait, "more than 1.5 seconds", id="waits"),
    pytest.param(jobs.crash, ENDED, id="crashes"),
    pytest.param(jobs.leave, ENDED, id="leaves"),
    pytest.param(jobs.eat_memory, "too much memory", id="eats memory"),
    pytest.param(jobs.nest, "nested too deeply", id="recurses"),
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


def test_an_answer_is_data_and_nothing_else(pool: Bounded) -> None:
    with pytest.raises(WorkerBugError, match="is no data"):
        pool.call(jobs.answer_with_code, URL)


BOMB = {
    "a pickle": pickle.dumps({"title": "mot"}),
    "nothing": b"",
    "half an answer": b'{"entries":[{"key":"1","url":"',
    "another type": b'["mot"]',
    "a word for a list": b'{"entries":"mot"}',
    "an item without its key": b'{"entries":[{"url":"http://site.example/"}]}',
    "no text": b'{"title":"\xff\xfe"}',
    "no time": b'{"entries":[{"source_url":"","key":"","url":"","published_at":"hier"}]}',
    "nesting in what is not asked for": b'{"x":' + b"[" * 1_000_000,
    "nesting in what is": b'{"entries":' + b"[" * 1_000_000,
}


@pytest.mark.parametrize("packed", BOMB.values(), ids=BOMB)
@pytest.mark.parametrize("kind", [VALUE, ERROR, b"\x00"], ids=["value", "error", "unknown"])
def test_whatever_a_worker_sends_costs_its_document_alone(kind: bytes, packed: bytes) -> None:
    with pytest.raises(ExtractError, match="cannot be taken over") as caught:
        bounded._value_of(kind + STAYS + packed, list_entries, URL)
    assert caught.value.url == URL


def test_a_pickle_that_doubles_itself_stays_as_small_as_it_is() -> None:
    # forty tuples, each of the one before twice: 120 bytes that say 2 ** 40 words
    doubled = b"\x80\x05]\x94" + b"h\x00h\x00\x86\x94" * 40 + b"."
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ExtractError, match="cannot be taken over"):
        bounded._value_of(VALUE + STAYS + doubled, list_entries, URL)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10 * 1024


def test_an_answer_makes_only_what_its_function_returns() -> None:
    packed = b'{"title":"T","peer":"192.0.2.1:443","__class__":"Response"}'
    assert bounded._value_of(VALUE + STAYS + packed, list_entries, URL) == Listing(title="T")


def test_an_error_is_one_that_readers_raise(pool: Bounded) -> None:
    packed = b'{"kind":"store","url":"u","state":"s","reason":"r"}'
    with pytest.raises(ExtractError, match="cannot be taken over"):
        bounded._value_of(ERROR + STAYS + packed, list_entries, URL)
    with pytest.raises(WorkerBugError, match="PutOffError is no error of a reader"):
        pool.call(jobs.put_off, URL)


def test_a_long_answer_takes_little_more_memory_than_its_bytes() -> None:
    entry = b'{"source_url":"","key":"","url":""}'
    packed = b'{"entries":[' + b",".join([entry] * 300_000) + b"]}"
    tracemalloc.start()
    listing = bounded._value_of(VALUE + STAYS + packed, list_entries, URL)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(listing, Listing)
    assert len(listing.entries) == 300_000
    assert most < 8 * len(packed)


@pytest.mark.parametrize(
    ("said", "answered"),
    [("mot", "mot"), ("\ud800 mot", "? mot"), ("", ""), ("\x00\u2028é\U0001f600", None)],
    ids=["word", "half a pair", "nothing", "controls and emoji"],
)
def test_text_comes_back_whatever_it_is(pool: Bounded, said: str, answered: str | None) -> None:
    page = pool.call(jobs.entitle, said.encode("utf-16", "surrogatepass"))
    assert page.title == (said if answered is None else answered)
    assert type(page.title) is str


def test_text_of_a_page_comes_back_without_its_page(pool: Bounded) -> None:
    assert pool.call(jobs.words_of, "<p>mot <b>gras</b></p>") == ("mot ", "gras")


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


def test_a_worker_that_is_being_started_when_the_pool_is_closed_ends_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pool, start = Bounded(1), bounded._nursery.start_worker

    def start_late(*args: Any) -> int:
        pid = start(*args)
        pool.close()
        return pid

    monkeypatch.setattr(bounded._nursery, "start_worker", start_late)
    with pytest.raises(ExtractError, match=ENDED):
        pool.call(jobs.wait, URL)


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
from typing import Any
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
            pool.call(jobs.grow, 100)
