"""Mail servers say in many ways and languages that a mail did not arrive; people who write about
such mails, and machines that do so for other reasons, do not."""

import pytest

from helpdesk.mail.bounces import bounce_in
from helpdesk.mail.classes import Kind, Verdict, classify
from helpdesk.mail.parsing import read

NOBODY = "Return-Path: <>\r\n"
EXCHANGE = (
    (
        "de",
        "Unzustellbar: Ihr Ticket",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:",
    ),
    ("fr", "Non remis : Votre ticket", "Échec de la remise pour ces destinataires ou groupes :"),
    ("es", "No se puede entregar: Su ticket", "Error de entrega a estos destinatarios o grupos:"),
    (
        "it",
        "Recapito non riuscito: ticket",
        "Impossibile recapitare il messaggio ai seguenti destinatari o gruppi:",
    ),
    ("pt", "Não é possível entregar: ticket", "Falha na entrega a estes destinatários ou grupos:"),
    ("nl", "Onbestelbaar: ticket", "Bezorging aan deze geadresseerden of groepen is mislukt:"),
    (
        "ru",
        "Не удается доставить: билет",
        "Не удалось выполнить доставку следующим получателям или группам:",
    ),
    ("ja", "配信不能: チケット", "次の受信者またはグループへの配信に失敗しました:"),
    ("zh", "未送达: 您的票", "无法向以下收件人或组传递邮件:"),
    ("zhtw", "無法傳遞: 票", "無法傳遞至下列收件者或群組:"),
    ("ko", "배달되지 않음: 티켓", "다음 받는 사람 또는 그룹에게 배달하지 못했습니다."),
    (
        "pl",
        "Niedostarczalne: bilet",
        "Dostarczenie do następujących adresatów lub grup nie powiodło się:",
    ),
    ("cs", "Nedoručitelné: lístek", "Nepodařilo se doručit zprávu těmto příjemcům nebo skupinám:"),
    ("tr", "Teslim Edilemedi: bilet", "Şu alıcılara veya gruplara teslim edilemedi:"),
    (
        "sv",
        "Kan inte levereras: ärende",
        "Det gick inte att leverera till följande mottagare eller grupper:",
    ),
    ("da", "Kan ikke leveres: sag", "Levering mislykkedes til disse modtagere eller grupper:"),
    ("no", "Kan ikke leveres: sak", "Levering mislyktes til disse mottakerne eller gruppene:"),
    (
        "fi",
        "Ei toimitettavissa: asia",
        "Toimittaminen näille vastaanottajille tai ryhmille epäonnistui:",
    ),
    (
        "hu",
        "Kézbesíthetetlen: jegy",
        "A következő címzettek vagy csoportok részére sikertelen a kézbesítés:",
    ),
    (
        "el",
        "Δεν είναι δυνατή η παράδοση: εισιτήριο",
        "Η παράδοση απέτυχε σε αυτούς τους παραλήπτες ή ομάδες:",
    ),
    ("ro", "Nelivrabil: tichet", "Livrarea a eșuat către acești destinatari sau grupuri:"),
    ("uk", "Не вдалося доставити: квиток", "Не вдалося доставити таким одержувачам або групам:"),
    ("he", "לא ניתן למסירה: כרטיס", "המסירה נכשלה לנמענים או לקבוצות אלה:"),
    ("ar", "تعذر التسليم: تذكرة", "فشل التسليم إلى هؤلاء المستلمين أو المجموعات:"),
    ("sk", "Nedoručiteľné: lístok", "Doručenie týmto príjemcom alebo skupinám zlyhalo:"),
    ("bg", "Не може да се достави: билет", "Доставянето до тези получатели или групи е неуспешно:"),
    ("hr", "Nije moguće isporučiti: karta", "Isporuka ovim primateljima ili grupama nije uspjela:"),
    ("vi", "Không thể gửi được: vé", "Không gửi được tới những người nhận hoặc nhóm này:"),
    ("th", "ส่งไม่ได้: ตั๋ว", "การส่งไปยังผู้รับหรือกลุ่มเหล่านี้ล้มเหลว:"),
)
"""Language, subject, and the sentence above the addresses."""
SERVERS = (
    (
        "domino-noname",
        "ben@far.example",
        "DELIVERY FAILURE: User ben (ben@far.example) not listed in Domino Directory",
        "Your message | Subject: Your ticket | was not delivered to: | ben@far.example "
        "| because: | User ben (ben@far.example) not listed in Domino Directory",
    ),
    (
        "groupwise",
        "Mailer-Daemon@gw.far.example",
        "Message status - undeliverable",
        "The message that you sent was undeliverable to the following: | ben (user not "
        "found) | Possibly truncated original message follows:",
    ),
    (
        "mailenable",
        "Postmaster <postmaster@far.example>",
        "Message Delivery Failure",
        "MailEnable: Message could not be delivered to some recipients. | The following"
        " recipient(s) could not be reached: | Recipient: [SMTP:ben@far.example] | "
        "Reason: Recipient unknown. (5.1.1) | Message headers follow:",
    ),
    (
        "activehunter",
        "MAILER-DAEMON@far.example",
        "FAILURE NOTICE :",
        "----- The following addresses had permanent fatal errors ----- | >>> "
        "ben@far.example <ben@far.example> | ----- Transcript of session follows ----- "
        "| 550 sorry, no mailbox here by that name (#5.1.1 - chkusr) | ----- Unsent "
        "message follows -----",
    ),
    (
        "yandex",
        "mailer-daemon@yandex.ru",
        "Недоставленное сообщение",
        "Это письмо отправлено почтовым сервером yandex.ru. | К сожалению, мы вынуждены"
        " сообщить Вам о том, что Ваше письмо не может | быть отправлено одному или "
        "нескольким адресатам. Технические подробности можно найти ниже. | "
        "<ben@far.example>: host mx.far.examp",
    ),
    (
        "x6",
        "Mail Delivery Subsystem <nobody@far.example>",
        "There was an error sending your mail",
        "We had trouble delivering your message. Full details follow: | Subject: 'Your "
        "ticket' | Date: 'Mon, 2 Mar 2026' | 1 error(s): | SMTP Server <mx.far.example>"
        " rejected recipient <ben@far.example> | (Error following RCPT command). It "
        "responded as follows: [5",
    ),
    (
        "verizon",
        "sysadmin@vzwpix.example",
        "Undeliverable Message",
        "Message Headers: | From: support@acorn-payroll.example | To: "
        "9999999999@vzwpix.example | Subject: Your ticket | Error: No valid recipients "
        "for this MM",
    ),
    (
        "notes",
        "postmaster@notes.far.example",
        "Undeliverable message",
        "------- Failure Reasons -------- | User not listed in public Name & Address "
        "Book | ben@notes.far.example | ------- Returned Message --------",
    ),
    (
        "dma",
        "MAILER-DAEMON <>",
        "Mail delivery failed",
        "This is the DragonFly Mail Agent v0.13 at df.far.example. | There was an error"
        " delivering your mail to <ben@far.example>. | mx.far.example [192.0.2.1] did "
        "not like our RCPT TO: | 550 5.1.1 User unknown | Original message headers "
        "follow.",
    ),
    (
        "qq",
        "PostMaster@qq.com",
        "来自qq.com的退信",
        "抱歉，您的邮件被退回来了…… | 原邮件信息： | 收件人 ben@qq.com | "
        "退信原因： | 收件人邮箱地址错误",
    ),
    (
        "naver",
        "Mail Delivery System <mailer-daemon@naver.com>",
        "[발송실패 안내] Your ticket",
        "메일이 정상적으로 발송되지 못했습니다. | "
        "받는사람 ben@naver.com | 존재하지 않는 이메일 계정입니다.",
    ),
    (
        "interscan",
        "InterScan MSS <imss@far.example>",
        "Mail could not be delivered",
        "Sent <<< RCPT TO:<ben@far.example> | Received >>> 550 5.1.1 user unknown | "
        "Unable to deliver message to <ben@far.example> | ************* MESSAGE "
        "*************",
    ),
)
"""Name, From, subject and text, whose lines are parted by |."""
NO_BOUNCES = (
    (
        "Rosa Lindt <rosa@harbor.example>",
        "FW: Undeliverable: Invoice",
        "I got this. Why? | ben@x.example",
    ),
    (
        "Rosa Lindt <rosa@harbor.example>",
        "Delivery failed",
        "My parcel was not delivered. | ben@x.example",
    ),
    (
        "Joe Post <postmaster@harbor.example>",
        "Two SPF records",
        "Yours are two. | Regards, ben@x.example",
    ),
    (
        "DHL <noreply@dhl.example>",
        "Ihre Zustellung",
        "Die Sendung konnte nicht zugestellt werden. | a@x.example",
    ),
)


def told_by(sender: str, subject: str, text: str, head: str = "") -> Verdict:
    lines = [f"From: {sender}", "To: help@acorn.example", f"Subject: {subject}"]
    lines += ["Content-Type: text/plain; charset=utf-8", "", *text.split(" | ")]
    return classify(read((head + "\r\n".join(lines)).encode()))


@pytest.mark.parametrize(("language", "subject", "sentence"), EXCHANGE)
def test_exchange_is_understood(language: str, subject: str, sentence: str) -> None:
    found = told_by("postmaster@far.example", subject, f"{sentence} |  | ben@far.example")
    assert found.bounce is not None, language
    assert [failure.address for failure in found.bounce.failures] == ["ben@far.example"]


@pytest.mark.parametrize(("name", "sender", "subject", "text"), SERVERS)
def test_servers_are_understood(name: str, sender: str, subject: str, text: str) -> None:
    found = told_by(sender, subject, text, NOBODY)
    assert found.kind is Kind.BOUNCE, name
    assert found.bounce is not None
    assert name in {"verizon", "groupwise"} or found.bounce.failures  # those name no address


@pytest.mark.parametrize(("sender", "subject", "text"), NO_BOUNCES)
def test_people_may_write_about_bounces(sender: str, subject: str, text: str) -> None:
    assert told_by(sender, subject, text).kind is Kind.ORDINARY


def test_a_newsletter_from_bounces_at_is_none() -> None:
    head = "List-Unsubscribe: <https://news.example/u>\r\n"
    news = told_by("bounces@news.example", "Weekly delivery report", "ben@x.example", head)
    assert news.kind is Kind.BULK


@pytest.mark.parametrize(
    ("subject", "says"),
    [
        ("Error en la entrega de correo", "rosa@harbor.example: 550 usuario desconocido"),
        ("Meddelandet kunde inte levereras", "rosa@harbor.example 550 5.1.1"),
        ("Delivery Status Notification", "Recipients of your message have been processed: rosa@x"),
    ],
)
def test_a_subject_and_what_servers_said_to_one_another_suffice_from_nobody(
    subject: str, says: str
) -> None:
    head = f"{NOBODY}From: Post <post@mx.example>\r\nSubject: {subject}\r\n\r\n"
    assert classify(read((head + says).encode())).kind is Kind.BOUNCE
    person = head.removeprefix(NOBODY)
    assert classify(read((person + says).encode())).kind is Kind.ORDINARY


@pytest.mark.parametrize(
    ("words", "hard"),
    [
        ("次のあて先は見つかりません。", True),
        ("550 Adresse inconnue, elle n'existe pas", True),
        ("550 nie ma: brak takiego użytkownika", True),
        ("No MX record found for the domain", True),
        ("Mailbox переполнен", False),
        ("550 Postfach voll", False),
        ("550 5.4.300 Message expired -> 451 4.7.500 Server busy", False),
        ("It has NOT BEEN DELIVERED: blocked by our bulk email filter", False),
    ],
)
def test_a_reason_may_stand_above_the_address_in_any_language(words: str, hard: bool) -> None:
    head = f"{NOBODY}From: MAILER-DAEMON@far.example\nSubject: Undelivered\n\n"
    found = bounce_in(read(f"{head}{words}\n<ben@far.example>\n".encode()))
    assert found is not None
    assert (found.failures[0].address, found.hard) == ("ben@far.example", hard)


def test_a_server_may_say_that_it_still_tries() -> None:
    head = f"{NOBODY}From: MAILER-DAEMON@far.example\nSubject: Delivery status notification\n\n"
    words = "Your message is delayed for more than 4 hours:\nben@far.example: Network error\n"
    found = bounce_in(read(f"{head}{words}".encode()))
    assert found is not None
    assert found.delayed
