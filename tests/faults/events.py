"""Something that happened to nobody, and what follows from it in a laboratory."""

import os
import signal
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.core.journal import Event
from helpdesk.mail import outbound


@dataclass(frozen=True)
class Harmless(Event):
    subject: ClassVar[tuple[str, str]] = ("trial", "trial_id")
    trial_id: int


@dataclass(frozen=True)
class Poisonous(Event):
    subject: ClassVar[tuple[str, str]] = ("trial", "trial_id")
    trial_id: int


def mail_once(event: Harmless | Poisonous) -> None:
    """Leaves a row for each event, so that two tellings would show."""
    outbound.write(
        kind="trial",
        to=f"trial-{event.trial_id}@harbor.example",
        subject=f"Trial {event.trial_id}",
        template="letter",
        context={"words": "It happened."},
    )


def die(_event: Poisonous) -> None:
    """Takes its process along."""
    os.kill(os.getpid(), signal.SIGKILL)


REACTIONS = {Harmless: (mail_once,), Poisonous: (die, mail_once)}
