"""What people decide about stories at the command line, and what `stories` and `copies` tell."""

import json

import pytest

from app.cli import main
from tests.held_affair import CONFIG, fill


@pytest.fixture
def vigie(tmp_path, capsys):
    """Run the program on an affair in which articles 1 and 2 tell one story."""
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    fill(tmp_path / "data")

    def run(line):
        with pytest.raises(SystemExit) as left:
            main(args=["--config", f"{tmp_path / 'config.toml'}", *line.split()])
        told = capsys.readouterr()
        return left.value.code, told.out, told.err

    return run


def stories(vigie):
    status, out, err = vigie("stories --json")
    assert status == 0, err
    return sorted(story["articles"] for story in json.loads(out))


def test_an_article_leaves_a_story_and_comes_back(vigie):
    assert stories(vigie) == [[1, 2]]
    status, out, _ = vigie("stories leave 2")
    assert (status, "article 2 stays apart from 1" in out) == (0, True)
    assert stories(vigie) == [[1], [2]]
    status, out, _ = vigie("stories undo")
    assert (status, "it is now in story 1" in out) == (0, True)
    assert stories(vigie) == [[1, 2]]


def test_an_article_joins_the_story_of_another(vigie):
    vigie("stories leave 2")
    assert vigie("stories join 2 1")[0] == 0
    assert stories(vigie) == [[1, 2]]
    _, out, _ = vigie("stories decisions --json")
    assert [one["what"] for one in json.loads(out)] == ["join", "leave"]
    assert "undone" in vigie("stories decisions")[1]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("stories leave 3", "shares a story with no other"),
        ("stories join 1 2", "in one story already"),
        ("stories join 1 99", "no article 99"),
        ("stories undo", "nothing to undo"),
        ("stories undo 7", "no decision 7"),
        ("stories show 99", "no story 99"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(vigie, line, says):
    status, _, err = vigie(line)
    assert status == 2
    assert says in err


def test_a_story_is_shown_with_its_articles(vigie):
    status, out, _ = vigie("stories show 1")
    assert status == 0
    assert "Le contrôle du port" in out
    assert "https://gazette.example" in out


def test_both_sides_of_a_copy_are_told_with_their_hashes(vigie):
    copy = json.loads(vigie("copies --json")[1])[0]
    assert len(copy["text_sha256"]) == len(copy["of_text_sha256"]) == 64
    assert "SHA-256 of both texts" in vigie("copies")[1]
