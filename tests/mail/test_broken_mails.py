"""Mails that programs broke on the way are read as they were meant."""

from helpdesk.mail.parsing import read
from tests.mail.incoming import HEAD, file_part, multipart, text_part

FILE = b"%PDF-1.7 \x00 bytes"


def test_a_rule_in_a_text_is_no_boundary() -> None:
    text = "One\n-----\nTwo\n---x---\nThree\n---x---\nFour"
    raw = f"{HEAD}Content-Type: multipart/mixed; boundary=y\n\n{text}".encode()
    assert read(raw).text == text


def test_line_ends_that_were_made_twice_are_line_ends() -> None:
    raw = multipart(text_part("Hi"), file_part(FILE, "bill.pdf")).replace(b"\n", b"\r\r\n")
    mail = read(raw)
    assert (mail.subject, mail.text, mail.attachments[0].content) == ("A question", "Hi", FILE)
