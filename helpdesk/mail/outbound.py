"""Writing mails down, and taking them back. `deliver_due` in jobs.py sends what stands here."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.utils import make_msgid
from typing import TypedDict

from flask import render_template
from sqlalchemy import update

from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.security import hash_token
from helpdesk.core.settings import settings
from helpdesk.core.text import one_line
from helpdesk.mail.jobs import deliver_due
from helpdesk.mail.models import Delivery, OutboundEmail


def write(
    *,
    kind: str,
    to: str,
    to_name: str = "",
    subject: str,
    template: str,
    context: Mapping[str, object],
    at_most_once: bool = False,
    secret: bool = False,
    delay: timedelta = timedelta(0),
    in_reply_to: str | None = None,
    references: Sequence[str] = (),
    headers: Mapping[str, str] | None = None,
    message_id: str | None = None,
    automatic: bool = False,
) -> OutboundEmail:
    """A mail, stored in this transaction and due after `delay`.

    `template` names a pair of templates without their endings: `<template>.txt` and
    `<template>.html`. `automatic` marks mail that no person wrote (RFC 3834), so that no machine
    answers it.
    """
    extra = dict(headers or {})
    if in_reply_to:
        extra["In-Reply-To"] = in_reply_to
    if references:
        extra["References"] = " ".join(references)
    if automatic:
        extra |= {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    email = OutboundEmail(
        kind=kind,
        to_address=to,
        to_name=one_line(to_name, 100),
        subject=one_line(subject, 200),
        text=render_template(f"{template}.txt", **context),
        html=render_template(f"{template}.html", **context),
        headers=extra,
        message_id=message_id or make_msgid(domain=settings().mail_domain),
        at_most_once=at_most_once,
        secret=secret,
        state=Delivery.QUEUED,
        created_at=now(),
        next_try_at=now() + delay,
    )
    session.add(email)
    session.flush()
    if not delay:
        deliver_due.enqueue_once()
    return email


def withdraw(email_id: int) -> bool:
    """Take a mail back before it goes; False when a worker has it already, or had it."""
    taken = session.scalars(
        update(OutboundEmail)
        .where(OutboundEmail.id == email_id, OutboundEmail.state == Delivery.QUEUED)
        .values(state=Delivery.WITHDRAWN, next_try_at=None, claimed_at=None)
        .returning(OutboundEmail.id)
    )
    return taken.first() is not None


class Threading(TypedDict):
    """What ties a mail to those before it."""

    in_reply_to: str
    references: list[str]


def threading(topic: str) -> Threading:
    """Threading headers for every mail about `topic`: all of them refer to one root id that only
    we can make, so that mail programs show one conversation."""
    key = hash_token(f"{settings().secret_key}:{topic}")[:24]
    root = f"<{topic}.{key}@{settings().mail_domain}>"
    return {"in_reply_to": root, "references": [root]}
