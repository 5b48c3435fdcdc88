"""How we ask: what holds for everybody, which rule takes which question, and what is being
tried."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.accounts.models import Team
from helpdesk.core.db import Id, Model
from helpdesk.customers.models import Organization


class SurveyPolicy(Model):
    """What holds for all surveys: one row. Days that are not set are those of the installation's
    configuration."""

    __tablename__ = "survey_policy"
    id: Mapped[Id]
    person_most: Mapped[int] = mapped_column(default=1)
    person_days: Mapped[int | None]
    """At most so many surveys to one person in so many days."""
    organization_most: Mapped[int] = mapped_column(default=1)
    organization_days: Mapped[int | None]
    holdout_percent: Mapped[int] = mapped_column(default=0)
    """The share of customers who are never asked, to compare the others with."""
    reminder_days: Mapped[int] = mapped_column(default=0)
    """After so many days without an answer one reminder goes out; 0 for none."""
    send_from: Mapped[int] = mapped_column(default=8 * 60)
    send_until: Mapped[int] = mapped_column(default=18 * 60)
    """Minutes of the recipient's day between which mails go out."""
    on_weekends: Mapped[bool] = mapped_column(default=False)
    warm_up_from: Mapped[int | None]
    """How many surveys may go out on the first day; none for as many as are due."""
    warm_up_growth: Mapped[int] = mapped_column(default=50)
    """By how many per cent that grows each day."""
    warm_up_since: Mapped[date | None]
    colour: Mapped[str | None] = mapped_column(String(7))
    """Of the brand, #rrggbb."""
    logo: Mapped[str | None] = mapped_column(info={"stored_file": None})
    """Where the picture is stored."""
    logo_type: Mapped[str | None] = mapped_column(String(40))


class SurveyRule(Model):
    """Which question follows a resolution. The first one that fits decides; a condition that is not
    set fits every ticket."""

    __tablename__ = "survey_rule"
    id: Mapped[Id]
    position: Mapped[int]
    name: Mapped[str]
    title: Mapped[str | None]
    """The question to ask, by its title; none for nobody being asked."""
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    organization_id: Mapped[int | None] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE")
    )
    tag: Mapped[str | None]
    first_contact: Mapped[bool] = mapped_column(default=False)
    """Only the first ticket of a customer."""
    delay_hours: Mapped[int | None]
    """Between resolved and asked; that of the installation where it is not set."""
    business_hours: Mapped[bool] = mapped_column(default=False)
    """Whether only hours count in which the recipient works."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    team: Mapped[Team | None] = relationship()
    organization: Mapped[Organization | None] = relationship()

    __table_args__ = (Index("ix_survey_rule_position", "position", "id"),)


class Split(StrEnum):
    """What the arms of an experiment differ in."""

    DELAY = "delay"
    WORDING = "wording"
    SCALE = "scale"
    CHANNEL = "channel"


class Experiment(Model):
    """Two or more ways to ask, tried on customers who are drawn by a seeded hash. It ends when each
    arm was asked `stop_after` times and no sooner, so that nobody stops it at a lucky moment."""

    __tablename__ = "survey_experiment"
    id: Mapped[Id]
    name: Mapped[str]
    title: Mapped[str]
    """Which question it is about."""
    split: Mapped[Split]
    seed: Mapped[str]
    arms: Mapped[list[Any]]
    """Each with its name and a value: hours, a version's id, or a channel."""
    stop_after: Mapped[int]
    started_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    stopped_because: Mapped[str | None]
    """The stated rule, or that a person gave it up."""
