"""A mail of somebody opens a ticket: with its words, its files, and nothing gained by lying."""

from collections.abc import Callable

import pytest
from flask import Flask

from helpdesk.core.db import session
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.tickets.models import Message, Ticket
from tests.cast import Cast
from tests.intake.conftest import Come
from tests.intake.letters import bring, letter
from tests.servers.smtp import Sink, text_of
from tests.work import Work


def ticket_of(mail: InboundEmail) -> Ticket:
    assert mail.ticket_id is not None, mail.reason
    return session.get_one(Ticket, mail.ticket_id)


def test_a_new_sender_becomes_a_customer_with_a_ticket(come: Come) -> None:
    mail = come(letter(sender="Vera Vale <Vera@Vale.example>"))
    ticket = ticket_of(mail)
    assert (mail.outcome, ticket.channel, ticket.subject) == ("ticket", "mail", "Charged twice")
    assert (ticket.customer.name, ticket.customer.email) == ("Vera Vale", "vera@vale.example")
    [message] = ticket.messages
    assert (message.body, message.mail_id) == ("The card was charged twice.", "<1@harbor.example>")


def test_a_known_sender_keeps_their_record(come: Come, people: Cast) -> None:
    ticket = ticket_of(come(letter(sender="Somebody Else <rosa@harbor.example>")))
    assert (ticket.customer_id, ticket.customer.name) == (people.rosa.id, "Rosa Lindt")


@pytest.mark.parametrize("subject", ["", "x" * 5000, "a\tb", "\x00"])
def test_any_subject_will_do(come: Come, subject: str) -> None:
    assert ticket_of(come(letter(subject=subject))).subject


@pytest.mark.parametrize("sender", ["root@localhost", "a..b@x.example", "x@y", "<@>@example.com"])
def test_any_sender_will_do(come: Come, sender: str) -> None:
    mail = come(letter(sender=sender))
    assert mail.outcome in {Outcome.TICKET, Outcome.QUARANTINE}
    assert not mail.reason.startswith("It was tried")


def test_a_mail_without_words_opens_a_ticket(come: Come) -> None:
    assert ticket_of(come(letter(""))).messages[0].body == "(This mail has no text.)"


def test_a_text_longer_than_a_message_is_kept_whole(come: Come) -> None:
    ticket = ticket_of(come(letter("word " * 30_000)))
    [message] = ticket.messages
    assert "attached file" in message.body[-100:]
    assert next((file.name, file.size) for file in message.attachments)[1] > 149_000


def with_file(name: str, content: bytes) -> bytes:
    import base64

    head = letter("See the file.", Content_Type='multipart/mixed; boundary="b"', MIME_Version="1.0")
    head, _, _ = head.partition(b"\r\n\r\n")
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nSee the file.\r\n"
        f'--b\r\nContent-Type: application/octet-stream; name="{name}"\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
        f"{base64.b64encode(content).decode()}\r\n--b--\r\n"
    )
    return head + b"\r\n\r\n" + body.encode()


def test_files_come_along(come: Come) -> None:
    mail = come(with_file("words.txt", b"these words"))
    [file] = ticket_of(mail).messages[0].attachments
    assert (file.name, file.size) == ("words.txt", 11)
    assert [(one["name"], one["sha256"]) for one in mail.attachments] == [
        ("words.txt", file.sha256)
    ]


def test_a_program_is_left_out_and_named(come: Come) -> None:
    mail = come(with_file("setup.exe", b"MZ\x90" + b"x" * 100))
    [message] = ticket_of(mail).messages
    assert message.attachments == []
    assert message.left_out is not None
    assert message.left_out[0][:2] == ["setup.exe", 103]
    assert "left_out" in mail.attachments[0]


def test_the_same_mail_by_many_ways_is_one_message(come: Come, people: Cast) -> None:
    mails = [come(b"Received: by way %d\r\n" % number + letter()) for number in range(4)]
    assert [mail.outcome for mail in mails] == ["ticket", *["duplicate"] * 3]
    assert {mail.ticket_id for mail in mails} == {mails[0].ticket_id}
    assert session.query(Message).filter_by(channel="mail").count() == 1


def test_different_mails_with_one_message_id_are_all_kept(come: Come) -> None:
    mails = [come(letter(f"Words no. {number}")) for number in range(3)]
    assert [mail.outcome for mail in mails] == ["ticket"] * 3
    assert len({mail.ticket_id for mail in mails}) == 3


def test_who_sends_too_much_waits_in_quarantine(
    app: Flask, make_app: Callable[..., Flask], come: Come
) -> None:
    with make_app(mail_per_sender=2).app_context():
        mails = [
            come(letter(str(number), message_id=f"<{number}@x.example>")) for number in range(4)
        ]
        assert [mail.outcome for mail in mails] == ["ticket", "ticket", "quarantine", "quarantine"]
        assert "More than 2" in mails[-1].reason


def test_who_wrote_is_told_once_and_by_no_word_of_theirs(
    come: Come, work: Work, outbox: Sink
) -> None:
    for number in range(3):
        come(letter("Buy pills", subject="Pills", message_id=f"<{number}@x.example>"))
    work()
    work.tick()
    [answer] = outbox.to("rosa@harbor.example")
    assert "ills" not in text_of(answer) + str(answer["Subject"])
    assert answer["Auto-Submitted"]
    assert answer["In-Reply-To"] == "<0@x.example>"
    assert outbox.recipients == [["rosa@harbor.example"]]


def test_a_machine_is_never_answered(come: Come, work: Work, outbox: Sink) -> None:
    come(letter(Auto_Submitted="auto-replied"))
    work()
    assert not outbox.messages


def test_mail_of_our_own_is_refused(come: Come, people: Cast) -> None:
    mail = come(letter(sender="support@acorn-payroll.example"))
    assert (mail.outcome, mail.ticket_id) == (Outcome.REJECTED, None)


def test_a_mail_that_kills_its_reader_ends_in_quarantine(
    app: Flask, clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk.intake import jobs

    monkeypatch.setattr(jobs, "open_letter", lambda *_: 1 / 0)
    first = bring(letter())
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.process_due()
        clock.move(hours=2)  # type: ignore[attr-defined]  # the clock of conftest
    monkeypatch.undo()
    second = bring(letter("Another", message_id="<2@x.example>"))
    jobs.process_due()
    outcomes = {mail.id: mail.outcome for mail in session.query(InboundEmail)}
    assert outcomes[first.id] is Outcome.QUARANTINE
    assert session.get_one(InboundEmail, first.id).next_try_at is None
    assert second.id in outcomes


def test_a_pending_mail_is_not_held_up_by_a_poisonous_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpdesk.intake import jobs
    from helpdesk.intake.letters import open_letter as real

    monkeypatch.setattr(
        jobs, "open_letter", lambda raw, ours: 1 / 0 if b"poison" in raw else real(raw, ours)
    )
    bring(letter("poison"))
    good = bring(letter("good", message_id="<2@x.example>"))
    jobs.process_due()
    session.rollback()
    assert session.get_one(InboundEmail, good.id).outcome is Outcome.TICKET
