"""Time stamps of captures and ledger: when one is asked for, and what `vigie verify` makes of them.

An authority that fails is a fault of the pass and stops nothing; the next pass asks it again.
"""

import asyncio

from app.steps.parts import Fault, Parts, Tally
from crawler.stamps import ask_stamp, load_roots
from model.errors import ConfigError, CrawlError
from model.secrets import hide_secrets
from store.evidence.stamps import Stamp, is_due


async def stamp_captures(parts: Parts, tally: Tally) -> None:
    """Have the captures and the ledger stamped, once on each day (UTC) that has new captures."""
    evidence, seal, now = parts.config.evidence, parts.store.seal(), parts.clock()
    if not evidence.timestamp_url:
        return
    if not is_due(parts.store.last_stamp(), seal.captures, now):
        return
    shown = hide_secrets(evidence.timestamp_url)
    try:
        roots = await asyncio.to_thread(load_roots, evidence.timestamp_certificates)
        token = await ask_stamp(parts.fetcher, evidence.timestamp_url, seal.chain, roots)
    except CrawlError as error:
        tally.faults.append(Fault(shown, error.state, f"no time stamp today: {error.reason}"))
    except ConfigError as error:
        tally.faults.append(Fault(shown, "bad_stamp", f"no time stamp today: {error}"))
    else:
        parts.store.save_stamp(
            Stamp(
                captures=seal.captures,
                lines=seal.lines,
                chain=seal.chain,
                authority=shown,
                stamped_at=now,
                token=token,
            )
        )
        tally.add("stamps_made")
