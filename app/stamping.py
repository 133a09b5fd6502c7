"""Time stamps of the capture chain: when one is asked for, and what `vigie verify` makes of them.

An authority that fails is a fault of the pass and stops nothing; the next pass asks it again.
"""

import asyncio

from app.parts import Fault, Parts, Tally
from crawler.stamps import ask_stamp, load_roots
from model.errors import ConfigError, CrawlError
from model.secrets import hide_secrets
from store.stamps import Stamp, is_due


async def stamp_captures(parts: Parts, tally: Tally) -> None:
    """Have the head of the chain stamped, once on each day (UTC) that has new captures."""
    evidence, head, now = parts.config.evidence, parts.store.chain_head(), parts.clock()
    if not evidence.timestamp_url:
        return
    if not is_due(parts.store.last_stamp(), head.captures, now):
        return
    shown = hide_secrets(evidence.timestamp_url)
    try:
        roots = await asyncio.to_thread(load_roots, evidence.timestamp_certificates)
        token = await ask_stamp(parts.fetcher, evidence.timestamp_url, head.chain, roots)
    except CrawlError as error:
        tally.faults.append(Fault(shown, error.state, f"no time stamp today: {error.reason}"))
    except ConfigError as error:
        tally.faults.append(Fault(shown, "bad_stamp", f"no time stamp today: {error}"))
    else:
        parts.store.save_stamp(
            Stamp(
                captures=head.captures,
                chain=head.chain,
                authority=shown,
                stamped_at=now,
                token=token,
            )
        )
        tally.add("stamps_made")
