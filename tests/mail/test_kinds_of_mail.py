"""People are told from machines, and no machine gets an answer."""

import pytest

from helpdesk.mail.bounces import Bounce, bounce_in
from helpdesk.mail.classes import Kind, classify
from helpdesk.mail.parsing import read
from tests.mail.incoming import file_part, multipart, plain, report, text_part

ORIGINAL = (
    "From: help@acorn.example\nTo: rosa@harbor.example\nMessage-ID: <our-7@acorn.example>\n\nHi"
)
GONE = (
    "Reporting-MTA: dns; mx.example\n\n"
    "Final-Recipient: rfc822; Rosa@harbor.example\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 User unknown\n"
)


def kind(raw: bytes) -> Kind:
    return classify(read(raw)).kind


def bounced(raw: bytes) -> Bounce:
    found = bounce_in(read(raw))
    assert found is not None
    return found


def notice(
    text: str, sender: str = "MAILER-DAEMON@mx.example", subject: str = "failure notice"
) -> bytes:
    """A notice of a mail server in words of its own."""
    head = f"Return-Path: <>\nFrom: {sender}\nTo: help@acorn.example\nSubject: {subject}\n"
    return f"{head}Message-ID: <n@mx.example>\n\n{text}".encode()


def test_a_status_tells_who_was_not_reached_and_which_mail_it_was() -> None:
    found = bounced(report(GONE, ORIGINAL))
    [failure] = found.failures
    assert (failure.address, failure.status, failure.hard) == ("rosa@harbor.example", "5.1.1", True)
    assert failure.reason == "550 5.1.1 User unknown"
    assert (found.original_message_id, found.delayed) == ("<our-7@acorn.example>", False)


def test_a_status_may_tell_of_several() -> None:
    both = GONE + "\nFinal-Recipient: rfc822; ben@y.example\nAction: failed\nStatus: 5.2.2\n"
    assert [(f.address, f.hard) for f in bounced(report(both)).failures] == [
        ("rosa@harbor.example", True),
        ("ben@y.example", False),
    ]


def test_only_those_who_failed_are_told() -> None:
    both = GONE + "\nFinal-Recipient: rfc822; ben@y.example\nAction: delivered\nStatus: 2.0.0\n"
    assert [failure.address for failure in bounced(report(both)).failures] == [
        "rosa@harbor.example"
    ]


@pytest.mark.parametrize(
    ("status", "words", "hard"),
    [
        ("5.1.1", "550 5.1.1 User unknown", True),
        ("5.0.0", "550 No such user here", True),
        ("5.4.4", "Host not found", True),
        ("5.7.1", "550 5.7.1 Message rejected as spam", False),
        ("5.2.2", "552 5.2.2 Mailbox full", False),
        ("5.3.4", "552 message size exceeds limit", False),
        ("5.0.0", "550 Blocked, see http://list.example", False),
        ("4.4.7", "delivery time expired", False),
        ("4.2.2", "452 over quota", False),
    ],
)
def test_an_address_is_bad_only_where_nobody_is(status: str, words: str, hard: bool) -> None:
    block = GONE.replace("5.1.1\n", f"{status}\n", 1).replace("550 5.1.1 User unknown", words)
    assert bounced(report(block)).hard is hard


def test_a_mail_that_is_still_tried_is_delayed() -> None:
    found = bounced(report(GONE.replace("failed", "delayed").replace("5.1.1", "4.4.1")))
    assert (found.delayed, found.hard) == (True, False)


def test_a_notice_of_success_is_a_report() -> None:
    assert (
        kind(report(GONE.replace("failed", "delivered").replace("5.1.1", "2.0.0"))) is Kind.REPORT
    )


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        (
            notice(
                "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to "
                "deliver your message to the following addresses.\n\n<rosa@harbor.example>:\n"
                "Sorry, no mailbox here by that name. (#5.1.1)\n\n"
                "--- Below this line is a copy of the message.\n"
                f"\nReturn-Path: <help@acorn.example>\n{ORIGINAL}"
            ),
            "rosa@harbor.example",
        ),
        (
            notice(
                "This message was created automatically by mail delivery software.\n\nA message "
                "that "
                "you sent could not be delivered to one or more of its recipients.\n\n"
                "  rosa@harbor.example\n    Unrouteable address\n\n"
                "------ This is a copy of the message, including all the headers. ------\n\n"
                + ORIGINAL,
                subject="Mail delivery failed: returning message to sender",
            ),
            "rosa@harbor.example",
        ),
        (
            notice(
                "   ----- The following addresses had permanent fatal errors -----\n"
                "<rosa@harbor.example>\n    (reason: 550 User unknown)\n\n"
                "   ----- Original message follows -----\n" + ORIGINAL,
                subject="Returned mail: see transcript for details",
            ),
            "rosa@harbor.example",
        ),
        (
            notice(
                "Ihre Nachricht konnte nicht zugestellt werden:\n\nrosa@harbor.example\n"
                "550 Benutzer unbekannt\n\n-----Ursprüngliche Nachricht-----\n" + ORIGINAL,
                sender="postmaster@mx.example",
                subject="Unzustellbar: Rechnung",
            ),
            "rosa@harbor.example",
        ),
        (
            notice(
                "Your message\n\n Subject: Bill\n\nwas not delivered to:\n\n  rosa@harbor.example\n"
                "\nbecause:\n\n  User Rosa not listed in Domino Directory\n",
                sender="Postmaster@harbor.example",
                subject="DELIVERY FAILURE: User Rosa not listed",
            ),
            "rosa@harbor.example",
        ),
    ],
    ids=["qmail", "exim", "sendmail", "german", "notes"],
)
def test_servers_tell_it_in_their_own_words(raw: bytes, address: str) -> None:
    found = bounced(raw)
    assert [failure.address for failure in found.failures] == [address]
    assert found.hard
    if b"Message-ID: <our-7" in raw:
        assert found.original_message_id == "<our-7@acorn.example>"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Undeliverable Mail", "Unknown user: rosa@harbor.example\n\nOriginal message follows.\n"),
        (
            "Failure Notice",
            "Sorry, we were unable to deliver your message.\n\n<rosa@harbor.example>:\n550",
        ),
        (
            "Permanent Delivery Failure",
            "PERMANENT fatal errors!\n\nFailed address: rosa@harbor.example",
        ),
        ("NOTICE: mail delivery status.", "cannot be delivered:\n\n<rosa@harbor.example>:\n550 no"),
        (
            "Non remis : Facture",
            "Échec de la remise :\n\nrosa@harbor.example\n550 5.1.1 User unknown",
        ),
        (
            "配信不能",
            "次のメールアドレスへの送信に失敗しました。\n<rosa@harbor.example>\n550 Unknown user",
        ),
        ("系统退信", "抱歉，您的邮件被退回来了\nrosa@harbor.example\n550 Mailbox not found"),
        (
            "Mail failure.",
            "К сожалению, письмо не доставлено:\n\nrosa@harbor.example\n  user not found",
        ),
    ],
)
def test_many_servers_have_many_words(subject: str, text: str) -> None:
    raw = notice(text, subject=subject).replace(
        b"Message-ID:", b"Content-Type: text/plain; charset=utf-8\nMessage-ID:"
    )
    assert [failure.address for failure in bounced(raw).failures] == ["rosa@harbor.example"]


def test_a_warning_in_words_is_a_delay() -> None:
    text = "A message that you sent has not yet been delivered to:\n\n  rosa@harbor.example\n"
    found = bounced(notice(text, subject="Warning: message 1abc delayed 24 hours"))
    assert (found.delayed, found.hard) == (True, False)


def test_who_left_a_company_did_not_bounce() -> None:
    text = "This address does not exist any more. Write to ben@harbor.example."
    assert kind(plain(text, "Return-Path: <>\nAuto-Submitted: auto-replied\n")) is Kind.AUTO_REPLY


def test_a_machine_that_answers_us_is_an_automatic_reply() -> None:
    headers = "Auto-Submitted: auto-generated\nIn-Reply-To: <our-7@acorn.example>\n"
    assert kind(plain("We got your request.", headers)) is Kind.AUTO_REPLY


def test_a_complaint_may_come_without_its_report() -> None:
    raw = multipart(text_part(""), f"Content-Type: message/rfc822\n\n{ORIGINAL}").replace(
        b"A question", b"complaint about message from 192.0.2.1"
    )
    verdict = classify(read(raw))
    assert verdict.complaint is not None
    assert verdict.complaint.address == "rosa@harbor.example"


def test_a_header_may_name_those_who_failed() -> None:
    raw = plain("Sorry.", "X-Failed-Recipients: rosa@x.example, ben@y.example\n")
    assert [failure.address for failure in bounced(raw).failures] == [
        "rosa@x.example",
        "ben@y.example",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        plain("My mail to rosa@x.example came back: user unknown. Why?", "X-A: b\n"),
        plain("It could not be delivered.").replace(b"A question", b"Fwd: Undelivered Mail"),
        plain("Hi").replace(b"A question", b"Delivery failed: where is my parcel?"),
        report(GONE)
        .replace(b"Return-Path: <>", b"Return-Path: <rosa@x.example>")
        .replace(b"multipart/report", b"multipart/mixed"),
        notice("A form: my mail to rosa@x.example was rejected.", "postmaster@x.example").replace(
            b"Return-Path: <>", b"Return-Path: <www@x.example>"
        ),
    ],
)
def test_a_person_who_writes_about_a_bounce_is_none(raw: bytes) -> None:
    assert kind(raw) is Kind.ORDINARY


@pytest.mark.parametrize(
    "headers",
    [
        "Auto-Submitted: auto-replied\n",
        "Auto-Submitted: auto-replied (vacation)\n",
        "X-Autoreply: yes\n",
        "X-Autorespond: away\n",
        "Precedence: auto_reply\n",
        "Return-Path: <>\n",
    ],
)
def test_an_automatic_reply_says_so_in_its_headers(headers: str) -> None:
    assert kind(plain("I am away.", headers)) is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Bill",
        "Out of Office: Bill",
        "Out of the office Re: Bill",
        "Automatische Antwort: Rechnung",
        "Abwesenheitsnotiz: Rechnung",
        "Réponse automatique : Facture",
        "Respuesta automática: Factura",
        "Risposta automatica: Fattura",
        "Resposta automática: Fatura",
        "Automatisch antwoord: Factuur",
        "Autosvar: Faktura",
        "Automaattinen vastaus: Lasku",
        "[Automatyczna odpowiedź] Faktura",
        "Автоматический ответ: Счёт",
        "自動応答: 請求書",
        "自动回复: 发票",
        "자동 회신: 청구서",
        "Re: Bill (Automatic Response)",
    ],
)
def test_an_automatic_reply_says_so_in_its_subject(subject: str) -> None:
    assert kind(plain("Away.").replace(b"A question", subject.encode())) is Kind.AUTO_REPLY


def test_who_asks_the_sender_for_a_proof_did_not_bounce() -> None:
    raw = report(GONE, text="Your server requires confirmation. Visit http://x.example to confirm.")
    assert kind(raw) is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "headers",
    ["List-Id: <news.x.example>\n", "Precedence: bulk\n", "List-Unsubscribe: <http://x.example>\n"],
)
def test_a_list_is_bulk(headers: str) -> None:
    assert kind(plain("News.", headers)) is Kind.BULK


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"rosa@harbor.example", b"no-reply@shop.example"),
        (b"rosa@harbor.example", b"donotreply@shop.example"),
        (b"rosa@harbor.example", b"shop-noreply@shop.example"),
        (b"rosa@harbor.example", b"ne-pas-repondre@shop.example"),
        (b"rosa@harbor.example", b"nao-responda@shop.example"),
        (b"Subject:", b"Auto-Submitted: auto-generated\nSubject:"),
        (b"Subject:", b"X-Auto-Response-Suppress: All\nSubject:"),
        (b"From: Rosa Lind <rosa@harbor.example>\n", b""),
        (b"Subject:", b"Received: by x\n" * 60 + b"Subject:"),
    ],
)
def test_news_of_a_machine_is_a_mail_but_gets_no_answer(old: bytes, new: bytes) -> None:
    verdict = classify(read(plain("Your parcel is on its way.").replace(old, new)))
    assert (verdict.kind, verdict.may_be_answered) == (Kind.ORDINARY, False)


def test_a_person_may_be_answered() -> None:
    verdict = classify(read(plain("Hi", "Auto-Submitted: no\n")))
    assert (verdict.kind, verdict.may_be_answered) == (Kind.ORDINARY, True)


def test_our_own_mail_is_known_by_its_id_and_by_its_sender() -> None:
    mail = read(plain("Hi"))
    assert classify(mail, frozenset({"rosa@harbor.example"})).kind is Kind.OWN
    assert classify(mail, is_our_id=lambda given: given == "<1@harbor.example>").kind is Kind.OWN
    assert classify(mail, frozenset({"help@acorn.example"})).kind is Kind.ORDINARY


def test_a_complaint_tells_who_and_about_what() -> None:
    fields = "Feedback-Type: abuse\nUser-Agent: x\nOriginal-Rcpt-To: <Rosa@harbor.example>\n"
    verdict = classify(read(report(fields, ORIGINAL, kind="feedback-report")))
    assert verdict.kind is Kind.COMPLAINT
    assert verdict.complaint is not None
    assert (verdict.complaint.address, verdict.complaint.feedback) == (
        "rosa@harbor.example",
        "abuse",
    )
    assert verdict.complaint.original_message_id == "<our-7@acorn.example>"


@pytest.mark.parametrize(
    "raw",
    [
        multipart(
            text_part("A report."),
            file_part(b"\x1f\x8b", "mx.example!acorn.example!1772400000!1772486399.xml.gz"),
        ),
        multipart(text_part("See"), file_part(b"PK", "report.zip")).replace(
            b"A question", b"Report Domain: acorn.example Submitter: mx.example Report-ID: 5"
        ),
        report("Feedback-Type: auth-failure\nAuth-Failure: dmarc\n", kind="feedback-report"),
        report(
            "Disposition: manual-action/MDN-sent-manually; displayed\n",
            kind="disposition-notification",
        ),
    ],
    ids=["dmarc", "dmarc by subject", "failure report", "receipt"],
)
def test_reports_are_told_apart(raw: bytes) -> None:
    assert kind(raw) is Kind.REPORT


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Ticket",
        "OOO: Ticket",
        "I'm out of office until Monday",
        "Abwesenheitsnotiz: Ticket",
        "Ich bin nicht im Büro",
        "Respuesta automatica: Ticket",
        "自动答复: Ticket",
        "자동응답: Ticket",
        "Balasan otomatis: Ticket",
        "Balasan automatik: tiket",
        "Аутоматски одговор: карта",
        "پاسخ خودکار: کارت",
        "부재중 자동응답",
        "Erantzun automatikoa: txartela",
        "स्वचालित उत्तर: कार्ड",
        "Sjálfvirkt svar: kort",
        "Samodejni odgovor: Ticket",
        "Re: Ticket (Auto Reply)",
        "Vacation reply",
        "AUTO: Rosa Lind is out of the office",
        "Nepřítomnost: Ticket",
        "Ausência do escritório: Ticket",
        "Fraværsbesked",
        "外出自動回覆",
    ],
)
def test_a_subject_says_that_a_machine_answers(subject: str) -> None:
    raw = plain("I am away.").replace(b"Subject: A question", f"Subject: {subject}".encode())
    assert kind(raw) is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "header",
    [
        "X-Apple-Action: vacation/200",
        "X-Zoho-AutoReply: yes",
        "X-Mailer: vacation 1.2",
        "X-FC-MachineGenerated: true",
        "Preference: auto_reply",
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
    ],
)
def test_a_header_says_that_a_machine_answers(header: str) -> None:
    assert kind(plain("I am away.", f"{header}\n")) is Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "subject",
    [
        "Auto-reply is not sent",
        "Out of office feature is broken",
        "Abwesenheiten fehlen",
        "Auto: Schlüssel verloren",
    ],
)
def test_people_may_write_about_automatic_replies(subject: str) -> None:
    raw = plain("Hello!").replace(b"Subject: A question", f"Subject: {subject}".encode())
    assert kind(raw) is Kind.ORDINARY


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your mail. I am out of the office until 4 May.",
        "Guten Tag, ich bin vom 2. bis 4. Mai nicht im Büro.",
        "Je suis actuellement en congés.",
        "Ceci est un message automatique, merci de ne pas y répondre.",
        "Это письмо создано автоматически, не отвечайте на него.",
        "This is an automated response. Your request has been received and a ticket was made.",
    ],
)
def test_what_reads_like_a_machine_is_read_by_people_and_answered_by_nobody(text: str) -> None:
    verdict = classify(read(plain(text)))
    assert verdict.kind is Kind.ORDINARY
    assert not verdict.may_be_answered
