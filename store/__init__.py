"""The database: schema, evidence log, articles with their versions, search, timeline.

The only package that speaks SQL. It never fetches and never reads a text for meaning.
"""

from store.annotations import Annotation
from store.store import Store, open_store

__all__ = ["Annotation", "Store", "open_store"]
