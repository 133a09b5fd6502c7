"""What a reader and a writer of the store can ask and decide of copies and stories.

It holds no rule: it hands on.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from model.story import Copy, Credit, Story, StoryDecision, StoryMember
from store.database import Database
from store.records import CopyReport, CopyText, StoredVector, StoryFacts
from store.retellings import copies, stories
from store.retellings import decisions as story_decisions


class StoryReader:
    """Questions about copies and stories."""

    database: Database

    def unsigned(self, signer: str, *, limit: int) -> tuple[CopyText, ...]:
        """Return relevant articles whose copies `signer` did not seek yet, the earliest first."""
        return copies.unsigned(self.database, signer, limit)

    def texts(self, article_ids: Sequence[int]) -> tuple[CopyText, ...]:
        """Return the current texts of articles, the earliest first."""
        return copies.get_texts(self.database, article_ids)

    def candidates(self, prints: Sequence[int], *, but: int = 0) -> tuple[CopyText, ...]:
        """Return the articles, without `but`, that share most prints, a rare one counting more."""
        return copies.candidates(self.database, prints, but)

    def recent_vectors(
        self, from_at: datetime, at: datetime, to_at: datetime
    ) -> tuple[StoredVector, ...]:
        """Return the vectors of the articles between two times, of many those nearest to `at`."""
        return copies.recent_vectors(self.database, from_at, at, to_at)

    def copies(self, article_id: int | None = None) -> tuple[CopyReport, ...]:
        """Return all copies, or those that an article makes or suffers, the newest first."""
        return copies.list_copies(self.database, article_id)

    def copies_among(
        self, article_ids: Sequence[int], *, least_share: float = 0.0
    ) -> tuple[tuple[int, int], ...]:
        """Return what articles repeat, as pairs of the copy and what it repeats."""
        return copies.copies_among(self.database, article_ids, least_share)

    def is_copy(self, article_id: int) -> bool:
        """Return whether an article is known to repeat another."""
        return copies.is_copy(self.database, article_id)

    def stories(
        self, *, limit: int = 1_000, active_from: datetime | None = None
    ) -> tuple[Story, ...]:
        """Return stories, the last one that moved first; only those that moved since a time."""
        return stories.list_stories(self.database, limit, active_from)

    def story(self, story_id: int) -> Story:
        """Return one story; raises MissingError."""
        return stories.get_story(self.database, story_id)

    def article_stories(self, article_id: int) -> tuple[Story, ...]:
        """Return the stories that an article belongs to."""
        return stories.stories_of(self.database, article_id)

    def story_facts(self, article_ids: Sequence[int]) -> tuple[StoryFacts, ...]:
        """Return articles as stories are made of them, those that have a vector."""
        return stories.story_facts(self.database, article_ids)

    def article_days(self, article_id: int) -> frozenset[date]:
        """Return the days that an article's current text names."""
        return stories.article_days(self.database, article_id)

    def stories_by_article(self, article_ids: Sequence[int]) -> Mapping[int, int]:
        """Return the story of each article that is in one."""
        return stories.stories_by_article(self.database, article_ids)

    def stale_stories(self, *, limit: int) -> tuple[int, ...]:
        """Return stories of which members changed since they were summed up."""
        return stories.stale_stories(self.database, limit)

    def story_members(self, story_id: int) -> tuple[StoryMember, ...]:
        """Return the articles of a story, the earliest first."""
        return stories.story_members(self.database, story_id)

    def story_decisions(self) -> tuple[StoryDecision, ...]:
        """Return what people decided about stories, the last first."""
        return story_decisions.list_decisions(self.database)

    def find_anchor(self, article_id: int) -> int | None:
        """Return beside which article a person put this one."""
        return story_decisions.find_anchor(self.database, article_id)

    def anchored_at(self, article_id: int) -> tuple[int, ...]:
        """Return the articles that people put beside this one."""
        return story_decisions.anchored_at(self.database, article_id)

    def closed_stories(self, article_id: int) -> frozenset[int]:
        """Return the stories that an article may not join, as people decided."""
        return story_decisions.closed_stories(self.database, article_id)


class StoryDesk(StoryReader):
    """What is found about copies and stories, and what people decide."""

    def save_prints(
        self, article_id: int, prints: Sequence[int], vector: bytes | None = None, *, signer: str
    ) -> None:
        """Replace an article's prints and, where given, its vector."""
        copies.save_prints(self.database, article_id, prints, vector, signer)

    def save_copies(self, article_id: int, found: Sequence[Copy]) -> None:
        """Replace what an article is a copy of."""
        copies.save_copies(self.database, article_id, found)

    def save_story(self, story: Story) -> int:
        """Save a story, a new one where its id is 0, and return its id."""
        return stories.save_story(self.database, story)

    def delete_story(self, story_id: int) -> None:
        """Take a story apart: its articles stay."""
        stories.delete_story(self.database, story_id)

    def tell_story(self, article_id: int, story_id: int | None) -> int:
        """Put an article into a story and no other; None opens one. Return the story's id."""
        return stories.tell(self.database, article_id, story_id)

    def sum_up(self, story: Story) -> None:
        """Save what sums a story up; one without articles ends."""
        stories.sum_up(self.database, story)

    def story_credits(self, story_id: int) -> tuple[Credit, ...]:
        """Return whom the articles of a story name as their source."""
        return stories.story_credits(self.database, story_id)

    def save_credits(self, article_id: int, found: Sequence[Credit]) -> None:
        """Replace whom an article names as its source."""
        stories.save_credits(self.database, article_id, found)

    def leave_story(self, article_id: int, *, now: datetime) -> StoryDecision:
        """Take an article out of its story for good; raises MissingError, ConfigError."""
        return story_decisions.leave_story(self.database, article_id, now)

    def join_story(self, article_id: int, beside: int, *, now: datetime) -> StoryDecision:
        """Put an article into the story of another for good; raises MissingError, ConfigError."""
        return story_decisions.join_story(self.database, article_id, beside, now)

    def undo_story_decision(self, number: int | None, *, now: datetime) -> StoryDecision:
        """Undo a decision, the last that stands unless told; raises MissingError, ConfigError."""
        return story_decisions.undo_story_decision(self.database, number, now)
