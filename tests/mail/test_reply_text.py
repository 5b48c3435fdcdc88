"""Own words are told apart from quotes and signatures, and none of them ever disappears."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.mail.parsing import read
from helpdesk.mail.reply import Part, split
from tests.mail.incoming import plain

OWN = "Thanks, it works now.\nOne question is left: where is the bill?"
ATTRIBUTIONS = [
    "On Mon, Mar 2, 2026 at 9:14 AM Acorn <help@acorn.example> wrote:",
    "On 2 Mar 2026, at 09:14, Acorn Support <help@acorn.example> wrote:",
    "On 02/03/2026 09:14, Acorn Support wrote:",
    "Am Mo., 2. März 2026 um 09:14 Uhr schrieb Acorn <help@acorn.example>:",
    "Am 02.03.2026 um 09:14 schrieb Acorn Support:",
    "Acorn <help@acorn.example> schrieb am Mo., 2. März 2026, 09:14:",
    "Le lun. 2 mars 2026 à 09:14, Acorn <help@acorn.example> a écrit :",
    "El lun, 2 mar 2026 a las 9:14, Acorn (<help@acorn.example>) escribió:",
    "Il giorno lun 2 mar 2026 alle ore 09:14 Acorn <help@acorn.example> ha scritto:",
    "Em seg., 2 de mar. de 2026 às 09:14, Acorn <help@acorn.example> escreveu:",
    "Op ma 2 mrt 2026 om 09:14 schreef Acorn <help@acorn.example>:",
    "Den mån 2 mars 2026 kl 09:14 skrev Acorn <help@acorn.example>:",
    "man. 2. mars 2026 kl. 09:14 skrev Acorn <help@acorn.example>:",
    "Den man. 2. mar. 2026 kl. 09.14 skrev Acorn <help@acorn.example>:",
    "ma 2. maalisk. 2026 klo 9.14 Acorn (help@acorn.example) kirjoitti:",
    "pon., 2 mar 2026 o 09:14 Acorn <help@acorn.example> napisał(a):",
    "po 2. 3. 2026 v 9:14 odesílatel Acorn <help@acorn.example> napsal:",
    "пн, 2 мар. 2026 г. в 09:14, Acorn <help@acorn.example>:",
    "02.03.2026, 09:14, Acorn <help@acorn.example> пишет:",
    "пн, 2 бер. 2026 р. о 09:14 Acorn <help@acorn.example> пише:",
    "2 Mar 2026 Pzt, 09:14 tarihinde Acorn <help@acorn.example> şunu yazdı:",
    "2026年3月2日(月) 9:14 Acorn <help@acorn.example>:",
    "在 2026年3月2日，09:14，Acorn <help@acorn.example> 写道：",
    "2026년 3월 2일 (월) 오전 9:14, Acorn <help@acorn.example>님이 작성:",
    "في ٢ مارس ٢٠٢٦، الساعة ٩:١٤ ص، كتب Acorn <help@acorn.example>:",
    "ב-2 במרץ 2026, בשעה 9:14, Acorn \u200f<help@acorn.example> כתב/ה:",
    "Acorn <help@acorn.example> ezt írta (időpont: 2026. márc. 2., H, 9:14):",
    "Στις Δευ 2 Μαρ 2026 στις 9:14 π.μ., ο/η Acorn <help@acorn.example> έγραψε:",
    "---- On Mon, 02 Mar 2026 09:14:22 +0100 Acorn <help@acorn.example> wrote ----",
]
HEADERS = [
    "From: Acorn <help@acorn.example>\nSent: Monday, 2 March 2026\nTo: Rosa\nSubject: Re: Bill",
    "*From:* Acorn\n*Date:* Monday, 2 March 2026\n*To:* Rosa <rosa@x.example>\n*Subject:* Bill",
    "________________________________\nFrom: Acorn\nSent: Monday\nTo: Rosa\nSubject: Bill",
    "-----Original Message-----\nFrom: Acorn\nSent: Monday\nTo: Rosa\nSubject: Bill",
    "Von: Acorn <help@acorn.example>\nGesendet: Montag, 2. März\nAn: Rosa\nBetreff: Rechnung",
    "De : Acorn <help@acorn.example>\nEnvoyé : lundi 2 mars 2026\nÀ : Rosa\nObjet : Facture",
    "De: Acorn <help@acorn.example>\nEnviado el: lunes, 2 de marzo\nPara: Rosa\nAsunto: Factura",
    "Da: Acorn <help@acorn.example>\nInviato: lunedì 2 marzo\nA: Rosa\nOggetto: Fattura",
    "Van: Acorn <help@acorn.example>\nVerzonden: maandag 2 maart\nAan: Rosa\nOnderwerp: Factuur",
    "Från: Acorn <help@acorn.example>\nSkickat: den 2 mars\nTill: Rosa\nÄmne: Faktura",
    "Od: Acorn <help@acorn.example>\nWysłano: 2 marca\nDo: Rosa\nTemat: Faktura",
    "От: Acorn <help@acorn.example>\nОтправлено: 2 марта\nКому: Rosa\nТема: Счёт",
    "差出人: Acorn <help@acorn.example>\n送信日時: 2026年3月2日\n宛先: Rosa\n件名: 請求書",
    "发件人: Acorn <help@acorn.example>\n发送时间: 2026年3月2日\n收件人: Rosa\n主题: 发票",
    "-----Ursprüngliche Nachricht-----",
    "-------- Original Message --------",
]
SIGNATURES = [
    "-- \nRosa Lind\nHarbor Coffee",
    "--\nRosa",
    "Sent from my iPhone",
    "Von meinem iPhone gesendet",
    "Envoyé de mon iPhone",
    "Get Outlook for iOS<https://aka.ms/x>",
    "Отправлено с iPhone",
    "iPhoneから送信",
    "Best regards,\nRosa Lind",
    "Mit freundlichen Grüßen\n\nRosa Lind\nHarbor Coffee",
    "Cordialement,\nRosa",
]


@pytest.mark.parametrize("line", ATTRIBUTIONS)
def test_what_follows_the_name_of_its_writer_is_quoted(line: str) -> None:
    for quote in ("> Old words\n> and more", "Old words\n\nand more"):
        assert split(f"{OWN}\n\n{line}\n\n{quote}\n").own == OWN


@pytest.mark.parametrize("line", ATTRIBUTIONS[:10])
def test_such_a_line_may_be_wrapped(line: str) -> None:
    words = line.split(" ")
    for at in (len(words) // 3, 2 * len(words) // 3):
        wrapped = " ".join(words[:at]) + "\n" + " ".join(words[at:])
        assert split(f"{OWN}\n\n{wrapped}\n> Old words\n").own == OWN


@pytest.mark.parametrize("header", HEADERS)
def test_what_follows_the_header_of_a_program_is_quoted(header: str) -> None:
    assert split(f"{OWN}\n\n{header}\n\nOld words\n\nKind regards\nAcorn\n").own == OWN


@pytest.mark.parametrize("signature", SIGNATURES)
def test_a_signature_is_no_words_of_its_own(signature: str) -> None:
    reply = split(f"{OWN}\n\n{signature}\n\n{ATTRIBUTIONS[0]}\n> Old words\n")
    assert (reply.own, reply.shown, reply.interleaved) == (OWN, OWN, False)
    assert signature.partition("\n")[0].strip() in reply.folded
    assert split(f"{OWN}\n\n{signature}\n").own == OWN


@pytest.mark.parametrize(
    "text",
    [
        "On the one hand it works, on the other it wrote: nothing.",
        "On Monday 2 March 2026 the courier wrote:\nNobody was at home.",
        "The boxes came.\n\nSent by courier on Monday.",
        "I ordered:\n\n-Apples",
        "It is paid.\n\nBest regards\nRosa\n\nPS: please cancel the other order",
        "On Thursday:\n\nI tried again, and it failed.",
        "I come from: Bremen\nI go to: Oslo\nThe subject: trains",
        "From: Berlin\nTo: Paris\nDate: 5 May\n\nTwo adults, please.",
        "It says -- in the middle -- nothing.\nSent from the warehouse we got two.\nWhy?",
        "Options:\n-- first\n-- second\nWhich one?",
        "With regards to the bill:\nit is wrong.",
        "Times:\n2026-03-02 09:14\n02.03.2026 09:14:00\nThat is all.",
        "Heading\n-------\nThe text below it.\n\n====\n\nMore text.",
        "```\n--\nsome code\n```\nThis is the code.",
    ],
)
def test_words_that_look_like_a_quote_stay(text: str) -> None:
    reply = split(text)
    assert reply.own == text
    assert reply.folded == ""


def test_answers_between_and_below_quoted_lines_stay_and_all_is_shown() -> None:
    text = "On 2 Mar 2026, Acorn wrote:\n> First?\n\nYes.\n\n> Second?\n\nNo.\n\n-- \nRosa"
    reply = split(text)
    assert reply.interleaved
    assert (reply.own, reply.shown, reply.folded) == ("Yes.\nNo.", text, "")


def test_an_answer_below_a_quote_under_a_programs_header_stays() -> None:
    reply = split(f"{HEADERS[0]}\n\n> Old words\n\nMy answer below.")
    assert (reply.own, reply.interleaved) == ("My answer below.", True)


def test_a_mail_of_nothing_but_a_quote_is_shown() -> None:
    reply = split("> Old words\n> and more")
    assert (reply.own, reply.shown, reply.folded) == ("", "> Old words\n> and more", "")


def test_what_somebody_passes_on_is_shown() -> None:
    text = f"Please look at this.\n\n--- Forwarded message ---\n{HEADERS[0]}\n\nOld words"
    assert split(text).own == text


def test_a_quote_of_html_is_found_as_well() -> None:
    page = (
        f"<div>{OWN.replace(chr(10), '<br>')}</div><div class='gmail_quote'><div>{ATTRIBUTIONS[0]}"
    )
    raw = (
        plain("").replace(b"text/plain", b"text/html")
        + (
            page.replace("<help@acorn.example>", "&lt;help@acorn.example&gt;")
            + "</div><blockquote>Old words<blockquote>older</blockquote></blockquote></div>"
        ).encode()
    )
    mail = read(raw)
    assert "> Old words\n>> older" in mail.text
    assert split(mail.text).own == OWN


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)
line = st.lists(words, min_size=1, max_size=6).map(" ".join)
block = st.one_of(
    st.lists(line, min_size=1, max_size=3).map("\n".join),
    st.lists(line.map("> {}".format), min_size=1, max_size=3).map("\n".join),
    st.sampled_from(ATTRIBUTIONS),
    st.sampled_from(SIGNATURES),
)
FOREIGN = {piece for text in (*ATTRIBUTIONS, *SIGNATURES) for piece in text.split("\n")}


@settings(max_examples=100, deadline=None)
@given(st.lists(block, min_size=1, max_size=8), st.sampled_from(["\n", "\n\n"]))
def test_every_line_is_kept_and_every_answer_below_a_quote_is_shown(
    blocks: list[str], between: str
) -> None:
    reply = split(read(plain(between.join(blocks))).text)
    assert [s.start for s in reply.stretches] == [0, *(s.end for s in reply.stretches)][:-1]
    assert reply.stretches[-1].end == len(reply.text)
    for text in between.join(blocks).split("\n"):
        assert text.strip() in reply.shown or text.strip() in reply.folded


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(line, st.lists(line, max_size=3)), min_size=1, max_size=5),
    st.sampled_from(["", *ATTRIBUTIONS]),
    st.sampled_from(["", "-- \nRosa"]),
)
def test_no_unquoted_line_among_quoted_ones_is_folded(
    pairs: list[tuple[str, list[str]]], attribution: str, signature: str
) -> None:
    answers = [answer for _, written in pairs for answer in written if answer[0].isalnum()]
    blocks = [attribution]
    for quoted, written in pairs:
        blocks += [f"> {quoted}", *[answer for answer in written if answer[0].isalnum()]]
    shown = split("\n".join([*blocks, signature])).shown
    assert all(answer in shown for answer in answers)


def test_a_text_with_more_lines_or_changes_than_anybody_writes_is_shown_as_it_is() -> None:
    for text in ("> a\nb\n" * 2_000, "> a\n" * 60_000):
        reply = split(text)
        assert (reply.own, reply.folded) == (text.strip(), "")


def test_stretches_tell_a_page_what_to_fold() -> None:
    text = f"{OWN}\n\n-- \nRosa\n\n{ATTRIBUTIONS[0]}\n> Old words"
    assert [stretch.part for stretch in split(text).stretches] == [
        Part.OWN,
        Part.SIGNATURE,
        Part.QUOTE,
    ]
