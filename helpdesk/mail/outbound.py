"""Writing mails down, and taking them back. `deliver_due` in jobs.py sends what stands here."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import TypedDict, Unpack

from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.text import one_line
from helpdesk.mail.identity import message_id as new_id
from helpdesk.mail.identity import reply_address, root_id
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import Delivery, Letterhead, OutboundEmail
from helpdesk.mail.moulds import Body, render
from helpdesk.mail.throttle import domain_of

_ID = re.compile(r"<[!-;=?-~]{1,250}>")


class Traits(TypedDict, total=False):
    """What a mail may be told besides, and what it is without: see `compose`."""

    to_name: str
    at_most_once: bool
    secret: bool
    delay: timedelta
    topic: str
    answers: str
    headers: Mapping[str, str] | None
    message_id: str | None
    automatic: bool
    letterhead: Letterhead | None


def write(
    *,
    kind: str,
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, object],
    **traits: Unpack[Traits],
) -> OutboundEmail:
    """A mail, stored in this transaction and due after `delay`.

    `template` names a pair of templates without their endings: `<template>.txt` and
    `<template>.html`. For the rest see `compose`.
    """
    body = render(template, context)
    email = compose(kind=kind, to=to, subject=subject, body=body, **traits)
    session.add(email)
    session.flush()
    if not traits.get("delay"):
        deliver_due.enqueue_once()
    return email


def compose(
    *,
    kind: str,
    to: str,
    to_name: str = "",
    subject: str,
    body: Body,
    at_most_once: bool = False,
    secret: bool = False,
    delay: timedelta = timedelta(0),
    topic: str = "",
    answers: str = "",
    headers: Mapping[str, str] | None = None,
    message_id: str | None = None,
    automatic: bool = False,
    letterhead: Letterhead | None = None,
) -> OutboundEmail:
    """A mail that is not stored yet: whoever writes many stores them together and wakes the sender
    once.

    `topic` ties it to the mails before it, and its answers to what it is about (see `identity`);
    `answers` is the Message-ID of a mail that this one answers. `automatic` marks mail that no
    person wrote (RFC 3834), so that no machine answers it. `letterhead` is that of the address of
    ours that it leaves by, if not by the installation's.
    """
    ours = letterhead.address if letterhead else ""
    extra = dict(headers or {}) | _threading(topic, to, answers, ours)
    if automatic:
        extra |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return OutboundEmail(
        kind=kind,
        to_address=to,
        to_name=one_line(to_name, 100),
        to_domain=domain_of(to),
        from_address=ours,
        from_name=one_line(letterhead.name, 100) if letterhead else "",
        subject=one_line(subject, 200),
        text=body.text,
        html=body.html,
        headers=extra,
        message_id=message_id or new_id(topic or kind),
        at_most_once=at_most_once,
        secret=secret,
        state=Delivery.QUEUED,
        created_at=now(),
        next_try_at=now() + delay,
    )


def withdraw(email_id: int) -> bool:
    """Take a mail back before it goes; False when a worker has it already, or had it."""
    waiting = select(OutboundEmail).where(
        OutboundEmail.id == email_id, OutboundEmail.state == Delivery.QUEUED
    )
    email = session.scalar(waiting.with_for_update())
    if email is not None:
        email.withdraw()
        session.flush()
    return email is not None


def letterhead_of(address: str) -> Letterhead:
    """What leaves by that address carries, where nobody said what: nothing but it."""
    found = session.get(Letterhead, address)
    return found or Letterhead(address=address, name="", signature="")


def _threading(topic: str, to: str, answers: str, ours: str) -> dict[str, str]:
    """Headers by which mail programs show one conversation and answers find their way back: every
    mail about a topic refers to one root id that only we can make (RFC 5322, 3.6.4)."""
    if not topic:
        return {}
    root = root_id(topic)
    answers = answers if _ID.fullmatch(answers) else ""  # it may come from anybody
    return {
        "In-Reply-To": answers or root,
        "References": f"{root} {answers}".strip(),
        "Reply-To": reply_address(topic, to, ours),
    }
