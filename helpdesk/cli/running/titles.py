"""What `ps` and `pgrep -f` call our processes: "helpdesk web", "helpdesk worker" and so on."""

import sys

from setproctitle import setproctitle


def call(part: str) -> None:
    """Show this process as that part of the helpdesk; "web: serving pages" says more of one."""
    if sys.platform != "darwin":  # where a forked process must not ask for it
        setproctitle(f"helpdesk {part}")
