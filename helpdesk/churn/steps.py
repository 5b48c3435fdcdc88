"""Steps of playbooks as they are written down, and the playbooks one begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.churn.models import Doing


@dataclass(frozen=True)
class Step:
    """A step as it is written down: so many days after the start."""

    title: str
    doing: Doing
    after_days: int
    text: str = ""


STANDARD: Mapping[str, tuple[str, tuple[Step, ...]]] = {
    "Win back after a bad answer": (
        "low_rating",
        (
            Step(
                "Read what went wrong, and call",
                Doing.CALL,
                0,
                "{name} ({organization}): {reason}. Tickets: {tickets}. Ask, listen, promise "
                "one thing with a day.",
            ),
            Step(
                "Write what was promised",
                Doing.MAIL,
                1,
                "Hello {first_name},\n\nthank you for your time. What we agreed on: …\n\n"
                "{agent}, {company}",
            ),
            Step("Look whether it was kept", Doing.TASK, 7, "Was the promise kept?"),
            Step(
                "Ask how it goes",
                Doing.CHECK_IN,
                14,
                "Hello {first_name},\n\ntwo weeks on: is it better now?\n\n{agent}, {company}",
            ),
        ),
    ),
    "They speak of leaving": (
        "cancellation",
        (
            Step(
                "Call today",
                Doing.CALL,
                0,
                "{name} ({organization}) spoke of leaving. Renewal: {renewal}. Tickets: {tickets}.",
            ),
            Step("Decide on an offer", Doing.OFFER, 2, "What would make {organization} stay?"),
            Step(
                "Ask how it goes",
                Doing.CHECK_IN,
                14,
                "Hello {first_name},\n\nis everything as we agreed?\n\n{agent}, {company}",
            ),
        ),
    ),
}
"""What an installation begins with; a manager makes them with one press and changes them."""
