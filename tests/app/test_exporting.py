"""Exports as a person asks for them: tables, lines of JSON, and where they go."""

import csv
import gc
import io
import json
import os
import re
import signal
import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from app.exporting import parquet as exporting_parquet
from app.exporting.parquet import write_parquet
from app.exporting.tables import COLUMNS, EXCEL_CELL, Table, neutralise, write_jsonl
from app.exporting.writing import export_query, open_output
from app.workplace import Workplace
from model.errors import ConfigError
from model.query import parse_query
from store import open_store
from store.exports import Exported
from tests.app.exported_makers import HOSTILE, make_exported
from tests.cost import cheapest_s
from tests.held_affair import CONFIG, fill, make_reading
from tests.store.makers import NOON, keep

FORMATS = ("csv", "jsonl", "parquet", "ris", "bibtex", "csl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A configuration and its filled data folder, which no test changes."""
    folder = tmp_path_factory.mktemp("affair")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    fill(folder / "data")
    return folder


@pytest.fixture
def vigie(capfdbinary):
    """Run the program in a folder; return its exit status, standard output and error."""

    def run(folder, line, *more):
        args = ["--config", f"{folder / 'config.toml'}", *line.split(), *more]
        with pytest.raises(SystemExit) as left:
            main(args=args)
        out, err = capfdbinary.readouterr()
        return left.value.code, out, err.decode()

    return run


def counted(name, content):
    """Return how many articles a file of a format holds."""
    text = "" if name == "parquet" else content.decode()
    match name:
        case "csv":
            return len(list(csv.DictReader(io.StringIO(text, newline=""))))
        case "jsonl":
            return len([json.loads(line) for line in text.splitlines()])
        case "parquet":
            return pq.read_table(io.BytesIO(content)).num_rows
        case "ris":
            return len(re.findall(r"^ER  - ", text, re.MULTILINE))
        case "bibtex":
            return len(re.findall(r"^@", text, re.MULTILINE))
        case _:
            return len(json.loads(text))


@pytest.mark.parametrize(
    "query",
    ["", "caméras", "is:relevant", "-caméras", "nothinglikeit", "cnil OR port", '"du port"'],
)
@pytest.mark.parametrize("name", FORMATS)
def test_as_many_are_written_as_a_search_counts(folder, vigie, name, query):
    code, out, err = vigie(folder, f"export {name}", query)
    assert code == 0
    with open_store(folder / "data", read_only=True) as store:
        total = store.search(parse_query(query), now=NOON).total
    assert counted(name, out) == total
    assert err.startswith(f"{total} article{'' if total == 1 else 's'}.")


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_is_for_its_owner_alone_and_as_standard_output(folder, vigie, name, tmp_path):
    target = tmp_path / "out"
    target.write_text("what stood there")
    target.chmod(0o644)
    code, out, err = vigie(folder, f"export {name} --to", str(target), "caméras")
    assert (code, out) == (0, b"")
    assert f"in {target}, readable by you alone." in err
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["out"]
    assert target.read_bytes() == vigie(folder, f"export {name}", "caméras")[1]


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_store_gives_an_empty_file(vigie, name, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data"):
        pass
    code, out, err = vigie(tmp_path, f"export {name}")
    assert (code, counted(name, out), err) == (0, 0, "0 articles.\n")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("export csv (a", "^"),
        ("export ris --limit 3", "there is no option --limit"),
        ("export csv --to nowhere/x.csv", "the folder nowhere does not exist"),
        ("export csv --to .", "is a folder"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(folder, vigie, line, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = vigie(folder, line)
    assert (code, out) == (2, b"")
    assert said in err
    assert list(tmp_path.iterdir()) == []


def test_a_query_that_finds_nothing_says_so(folder, vigie):
    assert "Nothing held answers 'zzz'" in vigie(folder, "export jsonl zzz")[2]


def test_what_lets_a_reader_in_is_told_of(vigie, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        keep(store, make_reading(1, "a", "b", url="https://a.example/1?access_token=abc"))
    assert (
        "the addresses of 1 article hold what may let a reader in"
        in vigie(tmp_path, "export jsonl")[2]
    )


# --- where it goes


def test_a_file_is_whole_or_as_it_was(tmp_path):
    target = tmp_path / "out"
    target.write_bytes(b"before")
    with pytest.raises(RuntimeError), open_output(target) as out:
        out.write(b"half")
        raise RuntimeError
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("out", b"before")]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    def fail(handle):
        raise OSError(28, "No space left on device")

    target = tmp_path / "out"
    target.write_bytes(b"before")
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="space"), open_output(target) as out:
        out.write(b"after")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("out", b"before")]


def test_a_program_that_is_told_to_end_takes_away_what_it_has_half_written(tmp_path):
    target = tmp_path / "out"
    target.write_bytes(b"before")
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as left, open_output(target) as out:
        out.write(b"half")
        os.kill(os.getpid(), signal.SIGTERM)
        pytest.fail("it went on")
    assert left.value.code == 143
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("out", b"before")]
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_reader_that_leaves_early_leaves_the_store_whole(folder):
    def leave(articles, out):
        next(iter(articles))
        raise BrokenPipeError

    workplace = Workplace(config_path=folder / "config.toml", data=folder / "data")
    with pytest.raises(BrokenPipeError) as left:
        export_query(workplace, (), None, leave)
    # what still hangs on the frames would complain of a closed database once it is let go
    del left
    gc.collect()


def test_a_link_leads_to_the_file_that_is_written(tmp_path):
    (tmp_path / "real").write_bytes(b"before")
    (tmp_path / "link").symlink_to("real")
    with open_output(tmp_path / "link") as out:
        out.write(b"after")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"after"


def test_a_device_is_written_to_and_stays_one():
    device = Path("/dev/null")
    with open_output(device) as out:
        out.write(b"gone")
    assert device.is_char_device()


@pytest.mark.parametrize("refused", ["/dev/full", "/proc/vigie.csv"])
def test_what_the_system_refuses_is_told_of_the_file_that_was_asked_for(refused):
    if not Path(refused).parent.is_dir() or (refused == "/dev/full" and not Path(refused).exists()):
        pytest.skip(f"this system has no {refused}")
    with pytest.raises(OSError) as told, open_output(Path(refused)) as out:
        out.write(b"x" * 200_000)
    assert told.value.filename == refused


def test_a_file_may_have_the_longest_name_there_is(tmp_path):
    target = tmp_path / ("é" * 127)
    with open_output(target) as out:
        out.write(b"whole")
    assert target.read_bytes() == b"whole"


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(ConfigError, match="is a folder"), open_output(tmp_path):
        pass


# --- lines of JSON


def lines(articles):
    out = io.BytesIO()
    write_jsonl(articles, out)
    return out.getvalue()


@given(st.text(st.characters(codec="utf-8")), st.lists(st.text(st.characters(codec="utf-8"))))
def test_lines_of_json_are_exact(text, names):
    article = make_exported(title=text, text=text, authors=tuple(names), details={text: text})
    written = lines([article, article])
    assert len(written.decode().splitlines()) == 2
    for line in written.splitlines():
        assert msgspec.json.decode(line, type=Exported) == article


def test_times_are_utc_and_say_so():
    east = datetime(2023, 11, 22, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    (line,) = lines([make_exported(seen_at=east.astimezone(UTC))]).splitlines()
    told = json.loads(line)
    assert (told["seen_at"], told["published_at"]) == ("2023-11-21T23:30:00Z",) * 2
    assert told["absent_since"] is None


def imported(vigie, folder, file):
    """Return what a new store holds once it has imported a file, by address."""
    folder.mkdir()
    (folder / "config.toml").write_text(CONFIG + "\n[nlp.models]\n", encoding="utf-8")
    code, _, err = vigie(folder, "import", str(file))
    assert code == 0, err
    return {
        one["url"]: one for one in map(json.loads, vigie(folder, "export jsonl")[1].splitlines())
    }


def test_a_new_store_imports_the_same_texts(folder, vigie, tmp_path):
    file = tmp_path / "all.jsonl"
    out = vigie(folder, "export jsonl --to", str(file))
    assert out[0] == 0
    before = {one["url"]: one for one in map(json.loads, file.read_bytes().splitlines())}
    after = imported(vigie, tmp_path / "new", file)
    same = ("title", "text", "summary", "authors", "published_at", "lang", "site")
    assert {url: [one[name] for name in same] for url, one in after.items()} == {
        url: [one[name] for name in same] for url, one in before.items()
    }
    assert len(before) == 5


def test_a_new_store_imports_hostile_texts_as_they_are(vigie, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        for number, text in enumerate(HOSTILE.values()):
            title = " ".join(text[:400].split())
            keep(store, make_reading(number, f"Titre {title} !", f"Les {text[:9_000]} caméras."))
    file = tmp_path / "all.jsonl"
    assert vigie(tmp_path, "export jsonl --to", str(file))[0] == 0
    before = {one["url"]: one for one in map(json.loads, file.read_bytes().splitlines())}
    after = imported(vigie, tmp_path / "new", file)
    assert len(before) == len(HOSTILE)
    assert {url: (one["title"], one["text"], one["text_sha256"]) for url, one in after.items()} == {
        url: (one["title"], one["text"], one["text_sha256"]) for url, one in before.items()
    }


# --- tables


def table(articles, **how):
    out = io.BytesIO()
    written = Table(out, **how)
    for article in articles:
        written.write(article)
    return out.getvalue().decode("utf-8"), written.cut


@pytest.fixture(autouse=True)
def large_cells():
    """Let Python's own reader read a cell of any length."""
    before = csv.field_size_limit(1 << 30)
    yield
    csv.field_size_limit(before)


def cells(articles, **how):
    text, _ = table(articles, **how)
    delimiter = ";" if how.get("is_for_excel") else ","
    return list(
        csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    )


def test_a_table_holds_every_column():
    (row,) = cells([make_exported(authors=("Jeanne Roy", "AFP"), starred=True, copy_of=(3, 4))])
    assert tuple(row) == COLUMNS
    assert set(Exported.__struct_fields__) - set(row) == {"details"}
    assert row["article"] == "1"
    assert row["published_at"] == row["seen_at"] == "2023-11-21T23:30:00Z"
    assert row["published_on"] == "2023-11-22"
    assert row["authors"] == "Jeanne Roy | AFP"
    assert (row["starred"], row["relevant"], row["copy_of"]) == ("true", "false", "3 | 4")
    assert (row["absent_since"], row["versions"]) == ("", "1")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("is_for_excel", [False, True], ids=["plain", "Excel"])
def test_no_text_breaks_a_row(text, is_for_excel):
    articles = [make_exported(title=text, text=text, authors=(text, text)), make_exported(2)]
    rows = cells(articles, is_for_excel=is_for_excel)
    assert [row["article"] for row in rows] == ["1", "2"]
    assert all(len(row) == len(COLUMNS) and None not in row.values() for row in rows)
    kept = text.replace("\x00", "\ufffd").replace("\ud800", "?")[
        : EXCEL_CELL if is_for_excel else None
    ]
    assert rows[0]["title"].replace("'", "") == kept.replace("'", "")


def test_a_table_for_excel_says_that_it_is_utf_8_and_cuts_what_excel_would_spill():
    text, cut = table([make_exported(text="é" * 40_000)], is_for_excel=True)
    assert text.startswith("\ufeffarticle;url;title;")
    assert cut == 1
    assert "é" * EXCEL_CELL in text
    assert "é" * (EXCEL_CELL + 1) not in text


def test_a_plain_table_has_no_mark_and_cuts_nothing():
    text, cut = table([make_exported(text="é" * 40_000)])
    assert text.startswith("article,url,title,")
    assert cut == 0
    assert "é" * 40_000 in text


def test_excel_is_told_what_was_cut(vigie, tmp_path):
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with open_store(tmp_path / "data") as store:
        keep(store, make_reading(1, "a", "mot " * 10_000))
    assert "1 cell was cut at 32767 characters" in vigie(tmp_path, "export csv --excel")[2]
    assert "cut" not in vigie(tmp_path, "export csv")[2]


FORMULA = "=+-@＝＋－＠"  # noqa: RUF001 - the wide ones are the point


@given(st.text(alphabet=f"{FORMULA}'\";, \t\r\nab\u200b\u202e", max_size=30), st.sampled_from(";,"))
def test_no_cell_begins_with_a_formula_wherever_a_spreadsheet_sees_one_begin(text, apart):
    guarded = neutralise(text, apart)
    assert guarded.replace("'", "") == text.replace("'", ""), "only apostrophes are added"
    assert not guarded.startswith(("\t", "\r", "\n"))
    for piece in re.split(rf"[{apart}\t\r\n]", guarded):
        assert not re.match(rf"[\s\"\u200b\u202e;,]*[{re.escape(FORMULA)}]", piece), guarded


@pytest.mark.parametrize(
    "unseen",
    ["\x00", "\xa0", "\xad", "\u034f", "\u061c", "\u180e", "\u200b", "\u3000", "\u3164", "\ufe0f",
     "\U0001d173", "\U000e0001"],
    ids=ascii,
)  # fmt: skip
def test_what_nobody_sees_hides_no_formula(unseen):
    assert neutralise(f"{unseen}=1+1").startswith("'")


@given(st.text(alphabet="'\";, ab3.é\u200b\u202e(", max_size=30), st.sampled_from(";,"))
def test_a_text_in_which_no_formula_can_begin_is_left_alone(text, apart):
    assert neutralise(text, apart) == text


@pytest.mark.parametrize(
    "text", [";" * 1_000_000, "\n" * 1_000_000, "\t=" * 500_000, "'" * 1_000_000 + "="], ids=len
)
def test_guarding_a_text_takes_time_as_its_length(text):
    assert cheapest_s(lambda: neutralise(text), 2) < 2


# --- Parquet


def parquet(articles):
    out = io.BytesIO()
    write_parquet(articles, out)
    return pq.read_table(io.BytesIO(out.getvalue()))


def test_parquet_holds_the_values_of_the_lines_of_json():
    article = make_exported(
        authors=("Jeanne Roy",), copy_of=(3,), details={"charset": "utf-8"}, starred=True
    )
    (row,) = parquet([article]).to_pylist()
    assert row.pop("details") == [("charset", "utf-8")]
    expected = {name: getattr(article, name) for name in row}
    assert row == {
        name: list(value) if isinstance(value, tuple) else value for name, value in expected.items()
    }


def test_parquet_is_typed():
    types = {field.name: str(field.type) for field in parquet([]).schema}
    assert types["published_at"] == "timestamp[us, tz=UTC]"
    assert types["published_on"] == "date32[day]"
    assert types["versions"] == "int64"
    assert types["starred"] == "bool"
    assert types["authors"].startswith("list<")
    assert set(types) == set(Exported.__struct_fields__)


def test_parquet_is_written_in_groups(monkeypatch):
    monkeypatch.setattr(exporting_parquet, "GROUP_ROWS", 2)
    out = io.BytesIO()
    write_parquet((make_exported(n) for n in range(5)), out)
    file = pq.ParquetFile(io.BytesIO(out.getvalue()))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [2, 2, 1]
    assert file.read()["article"].to_pylist() == list(range(5))


def test_parquet_is_not_written_on_a_terminal(folder, vigie, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    code, out, err = vigie(folder, "export parquet")
    assert (code, out) == (2, b"")
    assert "--to FILE" in err


def test_a_terminal_is_not_driven(folder, vigie, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    _, out, _ = vigie(folder, "export csv")
    assert b"\x1b" not in out
    assert "\u202e" not in out.decode()
    assert rb"\u001b" in out
