"""The door to mailboxes: IMAP (RFC 9051), by IDLE where the server can, by asking otherwise.

A mail is marked as seen, or moved, only once it is stored for good; whatever dies in between, it is
fetched again and recognised by its hash. What was fetched is known by its number in the folder, not
by its mark, because people look into mailboxes too; where the server numbers its mails anew
(UIDVALIDITY), everything since the mailbox was added is looked through again.
"""

import imaplib
import logging
import threading
from contextlib import suppress
from dataclasses import dataclass

from flask import Flask
from imap_tools import BaseMailBox, imap_utf7
from imap_tools.errors import ImapToolsError
from sqlalchemy import update

from helpdesk.core.clock import now
from helpdesk.core.crash import crash_point
from helpdesk.core.db import session, transaction
from helpdesk.intake.connecting import Source, Unreachable, connected, select, source_of
from helpdesk.intake.keeping import NeverTaken, keep, largest
from helpdesk.intake.models import Door, Mailbox
from helpdesk.intake.queries import mailboxes

log = logging.getLogger(__name__)

LOOK_EVERY = 20.0
"""Seconds between two looks into a mailbox, whatever its server tells in between."""
FIRST_WAIT, LONGEST_WAIT = 5.0, 300.0
"""Seconds after a failure; twice as long after each further one."""
TOO_LARGE = "mail: {count} in the folder are too large, and stay there (MAX_MAIL_MB)."
FAILURES = (OSError, imaplib.IMAP4.error, ImapToolsError)


@dataclass(frozen=True)
class Place:
    """How far a folder was read: its UIDVALIDITY (None before the first time) and a number."""

    validity: int | None
    last: int


class Reader(threading.Thread):
    """Reads one mailbox until it changes or we are told to stop."""

    def __init__(self, app: Flask, source: Source, stop: threading.Event) -> None:
        super().__init__(name=f"mailbox {source.id}", daemon=True)
        self.app, self.source, self.stop = app, source, stop
        self.wait = FIRST_WAIT

    def run(self) -> None:
        while not self.stop.is_set() and self._is_current():
            try:
                self._read()
            except Unreachable as error:
                self._fail(f"{error.step}: {error.words}")
            except FAILURES as error:
                self._fail(f"connection: {type(error).__name__}: {error}"[:500])
            except Exception as error:
                log.exception("Mailbox %s cannot be read.", self.source.id)
                self._fail(f"{type(error).__name__}: {error}"[:500])

    def _read(self) -> None:
        with connected(self.source) as box:
            while not self.stop.is_set() and self._is_current():
                look_into(self.app, self.source, box)
                self.wait = FIRST_WAIT
                self._wait_for_mail(box)

    def _wait_for_mail(self, box: BaseMailBox) -> None:
        if "IDLE" not in box.client.capabilities:
            self.stop.wait(LOOK_EVERY)
            return
        box.idle.wait(timeout=LOOK_EVERY)

    def _is_current(self) -> bool:
        """Whether the mailbox is still to be read as we know it."""
        with suppress(Exception), self.app.app_context(), transaction(write=False):
            mailbox = session.get(Mailbox, self.source.id)
            return bool(mailbox and mailbox.active and mailbox.version == self.source.version)
        return True  # the database is away; what is fetched meanwhile cannot be stored either

    def _fail(self, words: str) -> None:
        log.warning("Mailbox %s: %s", self.source.id, words)
        with suppress(Exception):
            _note(self.app, self.source, error=words)
        self.stop.wait(self.wait)
        self.wait = min(self.wait * 2, LONGEST_WAIT)


def look_into(app: Flask, source: Source, box: BaseMailBox) -> int:
    """Take everything new in the folder; how many mails. Raises one of FAILURES, Unreachable, or
    whatever keeps a mail from being stored; what was taken until then stays taken."""
    select(box, source.folder)
    validity = _validity(box)
    place = _place(app, source)
    before_us = _search(box, "ALL") if place.validity is None else []  # seen or not, see below
    numbers = _new_numbers(box, source, place, validity)
    too_large = [number for number in numbers if not _take(app, source, box, number)]
    last = max([place.last if place.validity == validity else 0, *numbers, *before_us])
    _note(
        app,
        source,
        uid_validity=validity,
        last_uid=last,
        read_at=now(),
        error=f"{len(too_large)} mails are too large and stay in the folder."
        if too_large
        else None,
    )
    return len(numbers) - len(too_large)


def _validity(box: BaseMailBox) -> int:
    found = box.client.response("UIDVALIDITY")[1]
    return int(found[0]) if found and found[0] else 0


def _new_numbers(box: BaseMailBox, source: Source, place: Place, validity: int) -> list[int]:
    """The numbers of mails to take, lowest first. At the first look what somebody has seen already
    is left alone: it was dealt with before there was a helpdesk."""
    unseen = set(_search(box, "UNSEEN"))
    if place.validity is None:
        return sorted(unseen)
    if place.validity != validity:
        since = source.created_at.strftime("%d-%b-%Y")
        return sorted(unseen | set(_search(box, f"SINCE {since}")))
    later = _search(box, f"UID {place.last + 1}:*")  # gives the last one even where none is later
    return sorted(unseen | {number for number in later if number > place.last})


def _search(box: BaseMailBox, criteria: str) -> list[int]:
    status, found = box.client.uid("SEARCH", criteria)
    if status != "OK":
        raise imaplib.IMAP4.error(f"SEARCH {criteria}: {found!r}")
    return [int(number) for line in found if line for number in line.split()]


def _take(app: Flask, source: Source, box: BaseMailBox, number: int) -> bool:
    """Store one mail, then mark or move it; False for one that is too large."""
    with app.app_context():
        most = largest()
    if _size(box, number) > most:
        return False
    raw = _bytes(box, number)
    if raw is None:
        return True  # somebody deleted it meanwhile
    with app.app_context(), suppress(NeverTaken), transaction():
        keep(raw, Door.IMAP, mailbox_id=source.id)
    crash_point("mail_kept")
    if source.move_to:
        _move(box, number, source.move_to)
    else:
        box.client.uid("STORE", str(number), "+FLAGS", r"(\Seen)")
    crash_point("mail_acknowledged")
    return True


def _size(box: BaseMailBox, number: int) -> int:
    _, found = box.client.uid("FETCH", str(number), "(RFC822.SIZE)")
    words = b" ".join(part for part in found if isinstance(part, bytes)).upper()
    size = words.partition(b"RFC822.SIZE ")[2].strip(b") ").split(b" ")[0]
    return int(size) if size.isdigit() else 0


def _bytes(box: BaseMailBox, number: int) -> bytes | None:
    """The mail without touching its marks."""
    status, found = box.client.uid("FETCH", str(number), "(UID BODY.PEEK[])")
    if status != "OK":
        raise imaplib.IMAP4.error(f"FETCH {number}: {found!r}"[:300])
    return next((bytes(part[1]) for part in found if isinstance(part, tuple)), None)


def _move(box: BaseMailBox, number: int, folder: str) -> None:
    """By MOVE (RFC 6851) where the server can: a copy and a deletion may be parted by a crash."""
    if "MOVE" in box.client.capabilities:
        name = b'"' + imap_utf7.utf7_encode(folder).replace(b'"', b'\\"') + b'"'
        status, found = box.client.uid("MOVE", str(number), name.decode())
        if status != "OK":
            raise Unreachable("folder", f"Nothing can be moved to “{folder}”: {found!r}"[:300])
    else:
        box.move(str(number), folder)


def _place(app: Flask, source: Source) -> Place:
    with app.app_context(), transaction(write=False):
        mailbox = session.get_one(Mailbox, source.id)
        return Place(mailbox.uid_validity, mailbox.last_uid)


def _note(app: Flask, source: Source, **values: object) -> None:
    with app.app_context(), transaction():
        session.execute(update(Mailbox).where(Mailbox.id == source.id).values(**values))


def read_all(app: Flask, stop: threading.Event) -> None:
    """Read every active mailbox, each by a thread of its own, until told to stop. Threads that wait
    for mail then are left alone: they end with the process, and have nothing half done."""
    readers: dict[int, Reader] = {}
    while not stop.is_set():
        with suppress(Exception):  # the database is away
            for source in _sources(app):
                if source.id not in readers or not readers[source.id].is_alive():
                    readers[source.id] = Reader(app, source, stop)
                    readers[source.id].start()
        stop.wait(5)


def _sources(app: Flask) -> list[Source]:
    with app.app_context(), transaction():
        found = []
        for mailbox in mailboxes(active=True):
            try:
                found.append(source_of(mailbox))
            except Unreachable as error:
                mailbox.error = f"{error.step}: {error.words}"
        return found
