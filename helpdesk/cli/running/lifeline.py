"""No process outlives the one that started it, even when that one is killed with -9.

Linux sends a signal of our choice to a process whose parent dies (prctl(2), PR_SET_PDEATHSIG). It
reaches direct children only, so every link of the chain asks for it: supervisor → web → its
workers, and supervisor → worker → the process that runs one job.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
# Loaded here and not after a fork, where the loader's lock may be held by a thread that is gone.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with(parent: int, by: signal.Signals = signal.SIGKILL) -> None:
    """Be killed when `parent` dies; ask right after the fork. Elsewhere than on Linux: nothing."""
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    if os.getppid() != parent:  # it died before we could ask
        os.kill(os.getpid(), by)
