"""How the database is connected to."""

from typing import Any


def engine_options(url: str) -> dict[str, Any]:
    """Engine options for the database behind `url`."""
    # An error must not carry what people wrote, or a link that signs in, into logs and pages.
    # The connection that was used last knows most: what it asked before, what has not changed.
    usual = {"hide_parameters": True, "pool_use_lifo": True}
    if url.startswith("sqlite"):
        # isolation_level=None: the driver's own implicit BEGIN silently loses updates.
        return usual | {"connect_args": {"isolation_level": None, "timeout": 15}}
    pool = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "pool_recycle": 1800}
    return usual | pool
