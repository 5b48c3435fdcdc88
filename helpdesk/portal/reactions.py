"""What portal does when something happened."""

from helpdesk.core.journal import Event


def acknowledge(event: Event) -> None:
    """To be written."""
