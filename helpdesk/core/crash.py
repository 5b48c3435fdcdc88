"""Named points at which a fault trial lets a process die.

`CRASH_AT=after_claim` kills the process with -9 where it first passes that point, and
`CRASH_AT=after_claim:0.2` in one of five passes. Without the variable nothing happens.
"""

import os
import random
import signal


def crash_point(name: str) -> None:
    """Die here, without a word and without cleaning up, when CRASH_AT says so."""
    point, _, share = os.environ.get("CRASH_AT", "").partition(":")
    # The system's randomness: forked processes would all draw the same from a copied generator.
    if point == name and random.SystemRandom().random() < float(share or 1):
        os.kill(os.getpid(), signal.SIGKILL)
