"""Any mail in the world is read, and nothing of it is dropped."""

import hashlib

import pytest

from helpdesk.mail.mime.parts import DEEPEST, MOST_PARTS
from helpdesk.mail.parsing import Mail, read
from tests.mail.incoming import HEAD, file_part, html, multipart, plain, text_part

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 8


def names(mail: Mail) -> list[str]:
    return [file.name for file in mail.attachments]


def test_an_ordinary_mail() -> None:
    mail = read(plain("Hello.\n\nIt broke.\n", "Date: Mon, 2 Mar 2026 09:14:00 +0100\n"))
    assert (mail.sender.name, mail.sender.address) == ("Rosa Lind", "rosa@harbor.example")
    assert [mailbox.address for mailbox in mail.to] == ["help@acorn.example"]
    assert (mail.subject, mail.message_id) == ("A question", "<1@harbor.example>")
    assert mail.date is not None
    assert mail.date.isoformat() == "2026-03-02T08:14:00+00:00"
    assert (mail.text, mail.html, mail.problems) == ("Hello.\n\nIt broke.", "", ())


def test_an_attachment_is_whole() -> None:
    [file] = read(multipart(text_part("See."), file_part(PDF, "bill.pdf"))).attachments
    assert (file.name, file.content, file.size) == ("bill.pdf", PDF, len(PDF))
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()


def test_eight_bits_stay_as_they_are() -> None:
    part = b"Content-Type: application/zip; name=x.zip\nContent-Transfer-Encoding: binary\n\n"
    raw = multipart("Content-Type: text/plain\n\nHi", "X: y").replace(b"X: y\n", part + PDF + b"\n")
    assert [file.content for file in read(raw).attachments] == [PDF]


def test_line_breaks_may_be_of_any_kind() -> None:
    raw = multipart(text_part("One\nTwo"), file_part(PDF, "bill.pdf"))
    for lines in (raw, raw.replace(b"\n", b"\r\n"), raw.replace(b"\n", b"\r")):
        mail = read(lines)
        assert (mail.text, mail.attachments[0].content) == ("One\nTwo", PDF)


def test_of_two_forms_one_is_text_and_one_is_html() -> None:
    mail = read(multipart(text_part("Hi"), text_part("<p>Hi</p>", "html"), kind="alternative"))
    assert (mail.text, mail.html, mail.text_is_from_html) == ("Hi", "<p>Hi</p>", False)


def test_html_alone_becomes_text() -> None:
    mail = read(html("<p>Hello <b>there</b></p><p>Bye</p>"))
    assert (mail.text, mail.text_is_from_html) == ("Hello there\n\nBye", True)


def test_a_plain_part_that_only_points_at_the_html_is_not_the_text() -> None:
    page = text_part("<p>" + "The invoice is wrong again. " * 20 + "</p>", "html")
    pointing = text_part("This message needs an HTML mail reader.")
    mail = read(multipart(pointing, page, kind="alternative"))
    assert mail.text.startswith("The invoice is wrong")


def test_all_texts_of_a_mail_are_read() -> None:
    mail = read(multipart(text_part("First"), file_part(PDF, "a.pdf"), text_part("Second")))
    assert mail.text == "First\n\nSecond"


def test_a_mail_in_a_mail_is_a_file_and_so_are_its_files() -> None:
    inner = multipart(text_part("Old"), file_part(PDF, "old.pdf")).decode().replace("cut", "in")
    mail = read(multipart(text_part("See below"), f"Content-Type: message/rfc822\n\n{inner}"))
    assert [(file.name, file.inside) for file in mail.attachments] == [
        ("part-1.eml", ""),
        ("old.pdf", "part-1.eml"),
    ]
    assert mail.attachments[0].content.strip() == inner.strip().encode()
    assert mail.text == "See below"


def test_a_calendar_and_a_winmail_are_listed() -> None:
    invitation = "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR"
    winmail = file_part(b"\x78\x9f\x3e\x22", "winmail.dat")
    assert names(read(multipart(text_part("Hi"), invitation, winmail))) == [
        "part-1.ics",
        "winmail.dat",
    ]


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ('filename="=?utf-8?B?w4RyZ2VyLnBkZg==?="', "Ärger.pdf"),
        ("filename*=utf-8''%C3%84rger.pdf", "Ärger.pdf"),
        ("filename*0*=utf-8''%C3%84r; filename*1*=ger; filename*2=.pdf", "Ärger.pdf"),
        ("filename*=iso-8859-1'de'%C4rger.pdf", "Ärger.pdf"),
        ('filename="Ärger.pdf"', "Ärger.pdf"),
        ("filename=Ärger und mehr.pdf", "Ärger und mehr.pdf"),
        ("filename=\"a.pdf\"; filename*=utf-8''%C3%84rger.pdf", "Ärger.pdf"),
        ('filename="../../etc/passwd"', "passwd"),
        ('filename="C:\\\\temp\\\\a.pdf"', "a.pdf"),
        ('filename="invoice\u202efdp.exe"', "invoicefdp.exe"),
        ('filename="  "', "part-1.bin"),
        (f'filename="{"a" * 400}.pdf"', f"{'a' * 146}.pdf"),
    ],
)
def test_a_file_has_the_name_that_was_meant(parameters: str, name: str) -> None:
    part = f"Content-Type: application/pdf\nContent-Disposition: attachment; {parameters}\n\nx"
    if name == "part-1.bin":
        part = part.replace("application/pdf", "application/x-unheard-of")
    assert names(read(multipart(text_part("Hi"), part))) == [name]


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "“quoted” – 5 €"),
        ("us-ascii", "utf-8", "Ärger mit Größe"),
        ("iso-8859-1", "utf-8", "Ärger mit Größe"),
        ("utf-8", "cp1252", "Ärger mit der Größe des Briefes"),
        ("x-unknown", "utf-8", "Привет, мир"),
        ("no-such-charset", "koi8-r", "привет, у меня не работает заказ"),
        ("", "cp1251", "Привет, у меня не работает заказ"),
        ("windows-1251", "cp1251", "Здравствуйте"),
        ("gb2312", "gb18030", "你好，我的订单没有到"),
        ("ks_c_5601-1987", "cp949", "안녕하세요"),
        ("shift_jis", "cp932", "注文①が届きません"),
        ("iso-2022-jp", "iso-2022-jp", "こんにちは"),
        ("", "iso-2022-jp", "こんにちは"),
        ("big5", "big5", "訂單沒有到"),
        ('"utf-8"', "utf-8", "Größe"),
        ("idna", "utf-8", "Größe"),
        ("rot13", "utf-8", "plain"),
    ],
)
def test_text_is_read_in_the_charset_that_it_is_in(charset: str, codec: str, text: str) -> None:
    declared = f"; charset={charset}" if charset else ""
    raw = f"{HEAD}Content-Type: text/plain{declared}\n\n".encode() + text.encode(codec)
    assert read(raw).text == text


def test_encoded_words_are_joined_and_eight_bits_read() -> None:
    subject = "=?utf-8?B?R3LDtg==?= =?utf-8?Q?=C3=9Fe?= ist =?ISO-8859-1?Q?f=FCr_alle?="
    assert read(f"Subject: {subject}\n\nx".encode()).subject == "Größe ist für alle"
    cut = "=?utf-8?B?4oK=?= =?utf-8?B?rDU=?="  # a character cut in two
    assert read(f"Subject: {cut}\n\nx".encode()).subject == "€5"
    assert read("Subject: Größe\n\nx".encode("cp1252")).subject == "Größe"


def test_flowing_text_is_unwrapped_and_quotes_keep_their_marks() -> None:
    text = "A long line that \nflows on.\n\n> quoted and \n> flowing\n-- \nRosa\n"
    mail = read(plain(text).replace(b"charset=utf-8", b"charset=utf-8; format=flowed"))
    assert mail.text == "A long line that flows on.\n\n> quoted and flowing\n-- \nRosa"


def test_flowing_text_may_delete_its_spaces() -> None:
    raw = plain("注文 \n番号\n").replace(
        b"charset=utf-8", b"charset=utf-8; format=flowed; delsp=yes"
    )
    assert read(raw).text == "注文番号"


def test_a_missing_or_wrong_boundary_loses_nothing() -> None:
    raw = multipart(text_part("Hi"), file_part(PDF, "bill.pdf"))
    for broken in (
        raw.replace(b"--cut--", b""),
        raw.replace(b'boundary="cut"', b'boundary="other"'),
        raw.replace(b'; boundary="cut"', b""),
        raw.replace(b"--cut", b"------=_Part_7").replace(b'"cut"', b'""'),
        raw.replace(b"--cut", b"--x").replace(b'"cut"', b'"y"'),
    ):
        mail = read(broken)
        assert (mail.text, mail.attachments[0].content) == ("Hi", PDF)
        assert mail.problems


def test_a_multipart_without_parts_is_a_text() -> None:
    mail = read(f"{HEAD}Content-Type: multipart/mixed; boundary=x\n\nHello".encode())
    assert (mail.text, bool(mail.problems)) == ("Hello", True)


def test_text_below_the_last_boundary_is_read_too() -> None:
    assert (
        read(multipart(text_part("Hi")) + b"A footer of a list\n").text
        == "Hi\n\nA footer of a list"
    )


def test_base64_may_be_broken_and_followed_by_prose() -> None:
    letters = "SGVsbG8gdGhlcmUsIGhvdyBhcmUgeW91IHRvZGF5Pw=="
    for body in (letters, letters.rstrip("="), letters[:20] + "\n!" + letters[20:]):
        raw = f"{HEAD}Content-Transfer-Encoding: base64\n\n{body}\n"
        assert read(raw.encode()).text == "Hello there, how are you today?"
    mail = read(
        f"{HEAD}Content-Transfer-Encoding: base64\n\n{letters}\n\nTo leave this list\n".encode()
    )
    assert mail.text == "Hello there, how are you today?\n\nTo leave this list"
    lie = f"{HEAD}Content-Transfer-Encoding: base64\n\nThis is no base64, as you can see.\n"
    assert read(lie.encode()).text == "This is no base64, as you can see."


def test_files_that_stand_in_the_text_are_taken_out() -> None:
    coded = "begin 644 cat.txt\n#0V%T\n`\nend\n"
    mail = read(plain(f"See this:\n\n{coded}\nThanks"))
    assert [(file.name, file.content) for file in mail.attachments] == [("cat.txt", b"Cat")]
    assert "begin 644" not in mail.text
    assert mail.text.endswith("Thanks")
    broken = read(plain("begin 644 of them\nand never end"))
    assert broken.text == "begin 644 of them\nand never end"


def test_a_mail_without_headers_is_a_text() -> None:
    mail = read(b"Hello, I have no headers.\nBye")
    assert mail.text == "Hello, I have no headers.\nBye"
    assert (mail.sender.address, mail.subject, mail.message_id) == ("", "", "")


def test_a_mailbox_line_and_empty_lines_may_come_first() -> None:
    raw = b"\n\nFrom rosa@harbor.example Mon Mar  2 09:14:00 2026\n" + plain("Hi")
    assert (read(raw).subject, read(raw).text) == ("A question", "Hi")


def test_a_line_that_is_no_header_does_not_end_them() -> None:
    raw = HEAD.replace("Subject:", "this is nothing\nSubject:") + "\nHi"
    assert (read(raw.encode()).subject, read(raw.encode()).text) == ("A question", "Hi")


def test_a_file_that_is_no_mail_is_kept_as_it_is() -> None:
    mail = read(b"\xd0\xcf\x11\xe0\0\0\0\xff" * 100)
    assert (mail.text, mail.attachments[0].size, bool(mail.problems)) == ("", 800, True)


def test_words_that_came_only_as_a_file_are_shown() -> None:
    part = 'Content-Type: text/plain; name="message.txt"\n\nPlease help'
    mail = read(multipart(part))
    assert (mail.text, names(mail)) == ("Please help", ["message.txt"])


def test_an_image_that_the_html_shows_is_inline() -> None:
    image = file_part(b"\x89PNG", "logo.png", "Content-ID: <logo@x>\n")
    other = file_part(b"\x89PNG2", "photo.png", "Content-ID: <photo@x>\n")
    page = text_part('<p>Hi</p><img src="cid:logo@x">', "html")
    files = read(multipart(page, image, other, kind="related")).attachments
    assert [(file.content_id, file.inline) for file in files] == [
        ("logo@x", True),
        ("photo@x", False),
    ]


def test_no_text_holds_what_a_database_refuses() -> None:
    raw = b"Subject: a\0b\nFrom: x\0 <a@b.example>\nX-Y: \xed\xa0\x80\n\nc\0d\x1b\x07e\n"
    mail = read(raw)
    every = [mail.subject, mail.sender.name, mail.text, *(value for _, value in mail.headers)]
    assert not any("\0" in text for text in every)
    assert all(text.encode() is not None for text in every)


def test_parts_that_lie_too_deep_or_are_too_many_are_kept_as_one() -> None:
    deep = HEAD + "".join(
        f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(DEEPEST + 5)
    )
    [file] = read(f"{deep}Content-Type: text/plain\n\nburied\n".encode()).attachments
    assert b"buried" in file.content
    many = read(multipart(*[file_part(b"x%d" % n, f"{n}.bin") for n in range(MOST_PARTS + 50)]))
    assert len(many.attachments) <= MOST_PARTS + 1
    assert f'filename="{MOST_PARTS + 49}.bin"'.encode() in many.attachments[-1].content


def test_a_very_long_text_is_cut_and_kept_whole() -> None:
    for raw in (plain("A line of a log.\n" * 80_000), html("<p>A line of a log.</p>" * 80_000)):
        mail = read(raw)
        assert len(mail.text) < len(mail.attachments[0].content)
        assert mail.attachments[0].content.count(b"of a log.") == 80_000


def test_references_of_a_long_thread_keep_both_ends() -> None:
    ids = [f"<{number}@x.example>" for number in range(500)]
    mail = read(plain("Hi", f"References: {' '.join(ids)}\nIn-Reply-To: {ids[-1]}\n"))
    assert (mail.references[0], mail.references[-1]) == (ids[0], ids[-1])
    assert (len(mail.references), mail.in_reply_to) == (100, (ids[-1],))


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("cp932", "カードが使えません。よろしくお願いします。"),
        ("euc_jp", "カードが使えません。よろしくお願いします。"),
        ("euc_kr", "안녕하세요. 카드가 두 번 결제되었습니다."),
        ("gb18030", "您好，我的信用卡被扣了两次款，请帮我看一下。"),
        ("koi8-r", "Здравствуйте, с карты списали дважды."),
    ],
)
def test_a_charset_that_nobody_names_is_guessed(charset: str, words: str) -> None:
    assert read(f"{HEAD}\n".encode() + words.encode(charset)).text == words


def test_a_name_may_be_encoded_twice() -> None:
    disposition = "attachment; filename*=utf-8''=?utf-8?Q?a=C3=BC.pdf?="
    part = f"Content-Type: application/pdf\nContent-Disposition: {disposition}\n\nabc"
    [file] = read(multipart(text_part("Hi"), part)).attachments
    assert file.name == "aü.pdf"


def test_a_footer_below_short_base64_hides_nothing() -> None:
    body = "SGVsbG8gdGhlcmU=\n\n____________\nA footer of the list, in words.\n"
    text = read(f"{HEAD}Content-Transfer-Encoding: base64\n\n{body}".encode()).text
    assert text.startswith("Hello there")
    assert "A footer of the list" in text


def test_a_single_word_is_not_taken_for_base64() -> None:
    body = "Liebling\n\nich bin hier, und nichts davon ist verschlüsselt.\n"
    text = read(f"{HEAD}Content-Transfer-Encoding: base64\n\n{body}".encode()).text
    assert text.startswith("Liebling")
