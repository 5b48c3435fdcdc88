"""Adding, changing, testing and removing mailboxes."""

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.core.jobs import job
from helpdesk.core.journal import record
from helpdesk.core.sealing import seal
from helpdesk.core.text import clean, one_line
from helpdesk.intake.connecting import PURPOSE, Unreachable, connected, select, source_of
from helpdesk.intake.events import MailboxAdded, MailboxChanged, MailboxRemoved
from helpdesk.intake.models import Mailbox, Security, SignIn
from helpdesk.mail.outbound import letterhead_of
from helpdesk.tickets.models import Ticket

STEPS = ("DNS", "connection", "TLS", "token", "password", "folder")
"""The order in which a mailbox is got into."""
FIELDS = ("address", "host", "port", "security", "user", "sign_in", "token_url", "client_id")
MORE_FIELDS = ("folder", "move_to", "team_id", "active")


def add_mailbox(values: dict[str, object], *, by: Account) -> Mailbox:
    """A new mailbox, tested at once. Raises Conflict for an address that is there already."""
    mailbox = Mailbox(active=True, secret="", client_secret="", version=1, created_at=now())
    _fill(mailbox, values)
    session.add(mailbox)
    _flush()
    record(MailboxAdded(mailbox.id), by=by)
    ask_for_test(mailbox)
    return mailbox


def change_mailbox(mailbox: Mailbox, values: dict[str, object], *, by: Account) -> None:
    """Other settings from now on; whoever reads it begins anew. Another folder or server is read
    from its beginning. Raises Conflict."""
    before = (mailbox.host, mailbox.user, mailbox.folder)
    changed = _fill(mailbox, values)
    if before != (mailbox.host, mailbox.user, mailbox.folder):
        mailbox.uid_validity, mailbox.last_uid = None, 0
    mailbox.version += 1
    mailbox.error = None
    _flush()
    record(MailboxChanged(mailbox.id, changed), by=by)
    ask_for_test(mailbox)


def _fill(mailbox: Mailbox, values: dict[str, object]) -> list[str]:
    """Set the fields; an empty secret keeps what is stored. The names of those that changed."""
    given = dict(values)
    given["security"] = Security(str(given["security"]))
    given["sign_in"] = SignIn(str(given["sign_in"]))
    given["team_id"] = given.get("team_id") or None
    names = [name for name in (*FIELDS, *MORE_FIELDS) if name in given]
    changed = [name for name in names if getattr(mailbox, name) != given[name]]
    for name in changed:
        setattr(mailbox, name, given[name])
    if _write_letterhead(mailbox.address, given):
        changed.append("letterhead")
    for name in ("secret", "client_secret"):
        if words := str(given.get(name) or ""):
            setattr(mailbox, name, kept_secret(words))
            changed.append(name)
    return changed


def _write_letterhead(address: str, given: dict[str, object]) -> bool:
    """What answers carry that leave by this mailbox; whether it changed."""
    if "signature" not in given:
        return False
    head = letterhead_of(address)
    before = (head.name, head.signature)
    head.name = one_line(str(given.get("from_name") or ""), 100)
    head.signature = clean(str(given["signature"] or "")).strip()
    session.add(head)
    return before != (head.name, head.signature)


def kept_secret(words: str) -> str:
    """What is stored of a secret: where it stands, or itself sealed."""
    return words if words.startswith(("env:", "file:")) else seal(PURPOSE, words)


def _flush() -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("There is a mailbox with this address already.") from error


def remove_mailbox(mailbox: Mailbox, *, by: Account) -> None:
    """It is not read any more; the mails that came by it stay."""
    record(MailboxRemoved(mailbox.id, mailbox.address), by=by)
    leaving = update(Ticket).where(Ticket.reply_from == mailbox.address)
    session.execute(leaving.values(reply_from=None))  # nobody would read the answers there
    session.delete(mailbox)


def ask_for_test(mailbox: Mailbox) -> None:
    """Let a worker find out what works; `findings` is NULL until it did."""
    mailbox.findings = mailbox.checked_at = None
    test_mailbox.enqueue(mailbox.id)


@job(queue="default")
def test_mailbox(mailbox_id: int) -> None:
    """Get into the mailbox step by step, and write down how far that went."""
    with transaction(write=False):
        mailbox = session.get(Mailbox, mailbox_id)
        if mailbox is None:
            return
        session.expunge(mailbox)
    findings = findings_of(mailbox)
    with transaction():
        if found := session.get(Mailbox, mailbox_id):
            found.findings, found.checked_at = findings, now()


def findings_of(mailbox: Mailbox) -> list[list[object]]:
    """Step, whether it went well, and words; the steps after one that failed are not there."""
    try:
        source = source_of(mailbox)
        with connected(source) as box:
            count = box.client.uid("SEARCH", "UNSEEN")[1][0]
            waiting = len(count.split()) if count else 0
            if source.move_to:
                select(box, source.move_to)
    except Unreachable as error:
        return [*_passed(mailbox, error.step), [error.step, False, error.words]]
    except OSError as error:
        return [["connection", False, f"The connection broke: {error}"]]
    words = f"It can be read; {waiting} unread mails wait in “{mailbox.folder}”."
    return [*_passed(mailbox, ""), ["mail", True, words]]


def _passed(mailbox: Mailbox, failed: str) -> list[list[object]]:
    """The steps before the one that failed, or all."""
    words = {
        "DNS": f"{mailbox.host} has an address.",
        "connection": f"A server answers at port {mailbox.port}.",
        "TLS": "The connection is encrypted, and the certificate is good.",
        "token": "A token was given.",
        "password": f"The server lets {mailbox.user} in.",
        "folder": f"The folder “{mailbox.folder}” is there.",
    }
    if mailbox.security is Security.NONE:
        del words["TLS"]
    if mailbox.sign_in is not SignIn.XOAUTH2 or not mailbox.token_url:
        del words["token"]
    last = STEPS.index(failed) if failed in STEPS else len(STEPS)
    return [[step, True, words[step]] for step in STEPS[:last] if step in words]
