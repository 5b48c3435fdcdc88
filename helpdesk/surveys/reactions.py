"""What surveys do when something happened."""

from helpdesk.core.journal import Event


def invite_customer(event: Event) -> None:
    """To be written."""


def withdraw_invitation(event: Event) -> None:
    """To be written."""


def score_comment(event: Event) -> None:
    """To be written."""
