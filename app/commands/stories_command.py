"""`vigie stories`: developments, who was first to tell them, and what people decide of them."""

import click

from app.asking import Held, find_id, opened
from app.output import local_time, note, print_json, print_sentence, print_table, short
from app.workplace import Workplace, utc_now
from model.hosts import spell_host
from model.plurals import count
from model.story import Credit, OriginBy, Story, StoryDecision, StoryDecisionKind
from store import Store

COLUMNS = ("id", "first told", "last told", "articles", "sites", "independent", "story")
DECIDED = ("decision", "made", "what")


@click.group("stories", invoke_without_command=True)
@click.option(
    "--limit",
    type=click.IntRange(1, 1_000_000),
    default=30,
    show_default=True,
    help="How many at most.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(context: click.Context, limit: int, *, as_json: bool) -> None:
    """List developments, the last one that moved first, and who was first to tell each.

    What a person decides of an article and a story stands whatever is found again later.

    \b
    Examples:
      vigie stories
      vigie stories --limit 5 --json
      vigie stories leave 12
      vigie stories join 12 7
      vigie stories undo
    """
    if context.invoked_subcommand is not None:
        return
    with opened(context.obj) as held:
        stories = held.store.stories(limit=limit)
        if as_json:
            print_json(stories)
        elif stories:
            rows = [_row(story, held) for story in stories]
            print_table(count(len(stories), "story", "stories"), COLUMNS, rows)
    if not stories:
        note("No story yet: `vigie run` and `vigie import` bring articles that tell some.")


@command.command("show")
@click.argument("story", type=int)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def show(workplace: Workplace, story: int, *, as_json: bool) -> None:
    """Show one story: its articles, who was first, who credits whom with which words.

    \b
    Examples:
      vigie stories show 3
    """
    with opened(workplace) as held:
        told = held.store.story(story)
        if as_json:
            print_json(told)
            return
        print_table(told.title, COLUMNS, [_row(told, held)])
        texts = {text.article: text for text in held.store.texts(told.articles)}
        rows = [
            (str(one), local_time(texts[one].at, held.timezone), f"{_site(texts[one].site)}: "
             f"{texts[one].title}\n{texts[one].url}")
            for one in told.articles
        ]  # fmt: skip
        print_table(count(len(rows), "article"), ("id", "published", "article"), rows)
        credits = [(str(one.article), _credit(one, texts[one.article].text))
                   for one in told.credits]  # fmt: skip
    if credits:
        print_table(count(len(credits), "credit"), ("article", "credits"), credits)


@command.command("leave")
@click.argument("article", metavar="ID")
@click.pass_obj
def leave(workplace: Workplace, article: str) -> None:
    """Take an article out of its story; it stays out, also when stories are found again.

    \b
    Examples:
      vigie stories leave 12
    """
    with workplace.store() as store:
        decision = store.leave_story(find_id(store, article), now=utc_now())
        _sum_up(store)
        print_sentence(f"Decision {decision.id}: {_told(decision)}; {_now_in(store, decision)}")


@command.command("join")
@click.argument("article", metavar="ID")
@click.argument("beside", metavar="OTHER")
@click.pass_obj
def join(workplace: Workplace, article: str, beside: str) -> None:
    """Put an article into the story of another article; it stays there.

    \b
    Examples:
      vigie stories join 12 7
    """
    with workplace.store() as store:
        asked = find_id(store, article), find_id(store, beside)
        decision = store.join_story(*asked, now=utc_now())
        _sum_up(store)
        print_sentence(f"Decision {decision.id}: {_told(decision)}; {_now_in(store, decision)}")


@command.command("undo")
@click.argument("decision", type=int, required=False)
@click.pass_obj
def undo(workplace: Workplace, decision: int | None) -> None:
    """Undo a decision, the last that stands unless one is named.

    \b
    Examples:
      vigie stories undo
      vigie stories undo 4
    """
    with workplace.store() as store:
        undone = store.undo_story_decision(decision, now=utc_now())
        _sum_up(store)
        print_sentence(f"Undone: {_told(undone)}; {_now_in(store, undone)}")


@command.command("decisions")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def decisions(workplace: Workplace, *, as_json: bool) -> None:
    """List what was decided about stories, the last first, also what was undone.

    \b
    Examples:
      vigie stories decisions
    """
    with opened(workplace) as held:
        made = held.store.story_decisions()
    if as_json:
        print_json(made)
    elif made:
        rows = [
            (str(one.id), local_time(one.made_at, held.timezone),
             _told(one) + ("\nundone " + local_time(one.undone_at, held.timezone)
                           if one.undone_at else ""))
            for one in made
        ]  # fmt: skip
        print_table(count(len(made), "decision"), DECIDED, rows)
    if not made:
        note("Nothing was decided: `vigie stories leave ID` takes an article out of its story.")


def _sum_up(store: Store) -> None:
    """Count anew what sums the stories up that a decision touched."""
    from app.steps.retellings import settle_stories  # it loads numpy, which a list does without

    settle_stories(store)


def _told(decision: StoryDecision) -> str:
    if decision.what is StoryDecisionKind.LEAVE:
        kept = " ".join(map(str, decision.members))
        return f"article {decision.article} stays apart from {kept}"
    return f"article {decision.article} stays with article {decision.beside}"


def _now_in(store: Store, decision: StoryDecision) -> str:
    (story,) = store.article_stories(decision.article)
    others = len(story.articles) - 1
    beside = f"with {count(others, 'other article')}" if others else "alone"
    return f"it is now in story {story.id}, {beside}"


def _row(story: Story, held: Held) -> tuple[str, ...]:
    counts = str(len(story.articles)), str(story.carriers), str(story.independent_sources)
    told_by = "article" if len(story.articles) == 1 else "articles"
    lines = [story.title, f"{told_by} {' '.join(map(str, story.articles))}", _first(story, held)]
    times = (local_time(at, held.timezone) for at in (story.first_at, story.last_at))
    return str(story.id), *times, *counts, "\n".join(filter(None, lines))


def _first(story: Story, held: Held) -> str:
    """Say who was first to tell a story and how that is known, or that it is not."""
    lines = []
    if story.origin_name:
        lines.append(f"credited to {story.origin_name}, of which nothing is held here")
    if story.origin is not None:
        origin = held.store.article(story.origin)
        how = "others repeat it" if story.origin_by is OriginBy.REPEATED else "others credit it"
        site = _site(origin.current.reading.site)
        lines.append(f"first told here by {site} ({story.origin}), {how}: {origin.url}")
    elif len(story.articles) > 1 and not story.origin_name:
        lines.append("who was first is unknown")
    return "\n".join(lines)


def _credit(credit: Credit, text: str) -> str:
    words = short(" ".join(text[credit.start : credit.end].split()), 120)
    of = "" if credit.of is None else f" (article {credit.of})"
    return f"{credit.name}{of}: “{words}”"


def _site(site: str) -> str:
    return spell_host(site) or "an import"
