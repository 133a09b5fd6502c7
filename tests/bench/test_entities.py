"""The bench of who is whom measures joining at each size, and a merge to its end."""

import bench.entities
from bench.entities import bench_entities


def test_each_size_and_a_merge_have_their_rows(monkeypatch):
    monkeypatch.setattr(bench.entities, "QUICK_SIZES", (100, 200))
    monkeypatch.setattr(bench.entities, "QUICK_MERGED", 250)
    rows = bench_entities(quick=True)
    assert [(row.set, row.measure) for row in rows] == [
        ("100 articles", "joining, ms"),
        ("100 articles", "saving, ms"),
        ("200 articles", "joining, ms"),
        ("200 articles", "saving, ms"),
        ("merge of 250 articles", "until settled, s"),
        ("merge of 250 articles", "longest transaction, s"),
    ]
    assert all(row.vigie > 0 for row in rows)
