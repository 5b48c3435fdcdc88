"""Rules, what each of their versions said, and what they decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Account
from helpdesk.core.db import BIG_ID, Id, Model
from helpdesk.tickets.models import Ticket


class State(StrEnum):
    DRAFT = "draft"  # never worked yet; may be half-finished
    ON = "on"
    OFF = "off"
    REMOVED = "removed"


class Outcome(StrEnum):
    DONE = "done"
    NOTHING = "nothing"  # all it wants was so already
    STOPPED = "stopped"  # an earlier rule ends the list, or the ticket stands in its way
    LIMITED = "limited"  # protection against loops
    FAILED = "failed"


class Rule(Model):
    """Something that happens by itself. What it says stands in its newest version."""

    __tablename__ = "rule"
    id: Mapped[Id]
    place: Mapped[int]
    """Rules are asked in this order."""
    state: Mapped[State] = mapped_column(default=State.DRAFT)
    version_id: Mapped[int | None] = mapped_column(BIG_ID)
    """The version that counts, the newest one."""
    created_at: Mapped[datetime]
    failures: Mapped[int] = mapped_column(default=0)
    """In a row."""
    error: Mapped[str | None] = mapped_column(Text)
    parked_at: Mapped[datetime | None]
    """It failed too often and waits for an administrator."""
    looked_at: Mapped[datetime | None]
    """Where the walk of a rule about time through the tickets goes on: at which activity, and…"""
    looked_id: Mapped[int | None] = mapped_column(BIG_ID)
    """… at which ticket. None begins anew."""


class RuleVersion(Model):
    """What a rule said from then on; never edited, so that a decision can be understood later."""

    __tablename__ = "rule_version"
    id: Mapped[Id]
    rule_id: Mapped[int] = mapped_column(BIG_ID, ForeignKey("rule.id", ondelete="CASCADE"))
    number: Mapped[int]
    """1 for the first of its rule."""
    name: Mapped[str] = mapped_column(String(80))
    triggers: Mapped[list[Any]]
    """What it listens to, as `causes.Trigger.as_json`."""
    wait: Mapped[dict[str, Any] | None]
    """What it waits for, as `waiting.Wait.as_json`."""
    text: Mapped[str] = mapped_column(Text)
    """The filter that a ticket must fulfil, as it was typed."""
    changes: Mapped[list[Any]]
    stops: Mapped[bool]
    """Whether no further rule is asked after it did something."""
    everywhere: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it reaches tickets of restricted teams: an administrator wrote it."""
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

    saved_by: Mapped[Account | None] = relationship()

    __table_args__ = (UniqueConstraint("rule_id", "number"),)


class RuleDecision(Model):
    """A rule was meant, and what became of it; one for each rule, ticket and cause."""

    __tablename__ = "rule_decision"
    id: Mapped[Id]
    at: Mapped[datetime]
    rule_id: Mapped[int] = mapped_column(BIG_ID, ForeignKey("rule.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("rule_version.id", ondelete="CASCADE")
    )
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    cause: Mapped[str] = mapped_column(String(60))
    """What it all began with: an entry of the journal, or a time that had passed."""
    entry_id: Mapped[int | None] = mapped_column(BIG_ID)
    """The entry that the rule was told of."""
    because: Mapped[str]
    """What the rule listened to, in words."""
    outcome: Mapped[Outcome]
    reason: Mapped[str]
    """What stood in its way, or nothing."""
    facts: Mapped[list[Any]]
    """What it saw: [field, value] of the ticket. Never what a customer wrote."""
    did: Mapped[list[Any]]

    version: Mapped[RuleVersion] = relationship()

    __table_args__ = (
        UniqueConstraint("ticket_id", "cause", "rule_id"),
        Index("ix_rule_decision_ticket", "ticket_id", "id"),
        Index("ix_rule_decision_rule", "rule_id", "ticket_id", "at"),
    )


class RuleMiss(Model):
    """Rules that listened to something on a ticket and missed it by one condition; kept for some
    weeks."""

    __tablename__ = "rule_miss"
    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    because: Mapped[str]
    missed: Mapped[list[Any]]
    """[version, the condition that was not fulfilled] of each."""
    facts: Mapped[list[Any]]

    __table_args__ = (Index("ix_rule_miss_ticket", "ticket_id", "id"),)


class RuleTrial(Model):
    """A look at what a rule would have done in the past; a job carries it out piece by piece."""

    __tablename__ = "rule_trial"
    id: Mapped[Id]
    rule_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("rule.id", ondelete="CASCADE"), index=True
    )
    version_id: Mapped[int] = mapped_column(
        BIG_ID, ForeignKey("rule_version.id", ondelete="CASCADE")
    )
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime] = mapped_column(index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    position: Mapped[list[Any]]
    """Where it goes on: which part, and the last moment and id that were looked at in it."""
    looked: Mapped[int] = mapped_column(default=0)
    """Occasions that were looked at."""
    of: Mapped[int | None]
    """About how many there are."""
    finished_at: Mapped[datetime | None]
    why_ended: Mapped[str | None]
    """Where it ended before it was through."""

    version: Mapped[RuleVersion] = relationship()


class RuleTrialMatch(Model):
    """An occasion on which the rule would have acted."""

    __tablename__ = "rule_trial_match"
    id: Mapped[Id]
    trial_id: Mapped[int] = mapped_column(BIG_ID, ForeignKey("rule_trial.id", ondelete="CASCADE"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    because: Mapped[str]

    ticket: Mapped[Ticket] = relationship()

    __table_args__ = (Index("ix_rule_trial_match_trial", "trial_id", "ticket_id", "id"),)
