"""One line of the bench's table. Nothing here measures."""

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A measure of one stage on one set, beside a peer's; `ratio` is ours over the peer's.

    `loses` where a stage says in which direction better lies and the peer's value is better.
    """

    stage: str
    set: str
    measure: str
    vigie: float
    peer: str
    peer_value: float
    ratio: float
    loses: bool = False
