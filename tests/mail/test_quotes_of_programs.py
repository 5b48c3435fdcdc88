"""Programs announce quotes in many languages; what stands above them is all that was written."""

import pytest

from helpdesk.mail.reply import split

OWN = "The card was charged twice.\nPlease look."
QUOTED = "Dear Rosa,\nwhich card?"
WHO = "Acorn <support@acorn.example>"
NAMINGS = (
    f"Missatge de {WHO} del dia dl., 2 de març 2026 a les 8:00:",
    f"пон, 2. мар 2026. у 08:00 {WHO} је написао/ла:",
    f"V V pon., 2. mar. 2026 ob 08:00 je oseba {WHO} napisala:",
    f"{WHO} ezt írta (időpont: 2026. márc. 2., H, 8:00):",
    f"------- Original Message -------\nOn Monday, March 2nd, 2026 at 8:00 AM, {WHO} wrote:",
    "##- Please type your reply above this line -##",
    f"{WHO} kirjoitti 2.3.2026 klo 8.00:",
    "Den 02.03.2026 kl. 08.00 skrev Acorn:",
    f"Wiadomość napisana przez {WHO} w dniu 2 mar 2026, o godz. 08:00:",
    "Às 08:00 de 02/03/2026, Acorn escreveu:",
    f"सोम, 2 मार्च 2026 को 8:00 am बजे को {WHO} ने लिखा:",
    f"-----{WHO} wrote: -----",
    f'-----"Acorn" <support@acorn.example> schrieb: -----\nAn: Rosa\nVon: {WHO}\nBetreff: Card',
    f">>> {WHO} 02.03.2026 08:00 >>>",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, March 2, 2026 8:00 AM, Acorn wrote:",
    "---- Replied Message ----\n| From | support@acorn.example |\n| Date | 03/02/2026 08:00 |",
    f"------------\n发件人：{WHO}\n日　期：2026年03月02日\n收件人：Rosa\n主　题：Card",
    "--- Bitte antworten Sie oberhalb dieser Linie ---",
    "O luns, 2 de mar. de 2026 ás 8:00, Acorn (<support@acorn.example>)\nescribiu:",
    f"Ar Llun, 2 Maw 2026 am 08:00 ysgrifennodd {WHO}:",
    "Montag, 2. März 2026, 08:00:00, schrieben Sie:",
)
HEADERS = (
    ("От", "Изпратено", "До", "Относно"),
    ("No", "Nosūtīts", "Kam", "Tēma"),
    ("จาก", "ส่ง", "ถึง", "เรื่อง"),
    ("Од", "Послато", "За", "Наслов"),
    ("De", "Enviat", "Per a", "Assumpte"),
    ("Od", "Poslano", "Za", "Zadeva"),
    ("Frá", "Sent", "Til", "Efni"),
    ("Daripada", "Dihantar", "Kepada", "Subjek"),
    ("Жіберуші", "Жіберілді", "Алушы", "Тақырып"),
    ("प्रेषक", "भेजा गया", "प्रति", "विषय"),
    ("از", "ارسال شده", "به", "موضوع"),
)


@pytest.mark.parametrize("naming", NAMINGS)
def test_what_follows_a_line_that_announces_a_quote_is_quoted(naming: str) -> None:
    assert split(f"{OWN}\n\n{naming}\n\n{QUOTED}").own == OWN


@pytest.mark.parametrize("labels", HEADERS)
def test_what_follows_a_header_is_quoted(labels: tuple[str, str, str, str]) -> None:
    values = (WHO, "Monday, 2 March 2026 08:00", "Rosa <rosa@x.example>", "Card")
    header = "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))
    assert split(f"{OWN}\n\n{header}\n\n{QUOTED}").own == OWN


def test_a_quote_that_is_marked_may_be_announced_in_any_language() -> None:
    naming = f"ორშ, 2 მარ. 2026, 08:00-ზე {WHO} უცნობი:"
    assert split(f"{OWN}\n\n{naming}\n\n> which card?").own == OWN


def test_a_journey_is_no_header() -> None:
    text = f"Von: Hamburg\nAn: Bremen\nDatum: 3.3.2026\nBetreff: Fahrt\n\n{OWN}"
    assert split(text).own == text


@pytest.mark.parametrize("subject", ["WG: Lampe", "Fwd: Lampe", "轉寄: Lampe"])
def test_a_mail_that_is_passed_on_is_what_is_meant(subject: str) -> None:
    text = f"Please see.\n\nVon: {WHO}\nDatum: 2.3.2026\nAn: Rosa\nBetreff: Lampe\n\nIt is broken."
    assert split(text, subject).own == text
    assert split(text, "AW: Lampe").own == "Please see."


@pytest.mark.parametrize(
    ("line", "says_so"),
    [
        ("My answers are below in red.", True),
        ("Antworten siehe unten", True),
        ("Voir mes réponses ci-dessous", True),
        ("Мои ответы ниже", True),
        ("赤字で回答しました。", True),
        ("The card is red, I see.", False),
    ],
)
def test_nothing_is_folded_where_answers_are_said_to_stand_in_a_quote(
    line: str, says_so: bool
) -> None:
    naming = f"Von: {WHO}\nGesendet: 2.3.2026 08:00\nAn: Rosa\nBetreff: Card"
    reply = split(f"{line}\n\n{naming}\n\nWhich card?\n\nThe blue one.")
    assert reply.own == line
    assert ("The blue one." in reply.shown) is says_so


@pytest.mark.parametrize("line", ["Začátek přeposílané zprávy:", "以下是转发的邮件："])
def test_programs_say_in_many_languages_that_they_pass_a_mail_on(line: str) -> None:
    text = f"Please see.\n\n{line}\n\nVon: {WHO}\nDatum: 2.3.2026\nAn: Rosa\n\nIt is broken."
    assert split(text).own == text


@pytest.mark.parametrize(
    "line",
    [
        "Odesláno z iPhonu",
        "Outlook for iOSを入手",
        "Sent from Front",
        "来自 Outlook",
        "Provenance : Courrier pour Windows 10",
        "Samsung Galaxy akıllı telefonumdan gönderildi.",
        "Hol dir Outlook für iOS<https://aka.ms/o0ukef>",
        "iOS 版 Outlook を取得<https://aka.ms/o0ukef>",
        "Скачать Outlook для Android",
        "Inviato da Posta per Windows",
    ],
)
def test_the_line_of_a_telephone_is_no_word_of_its_owner(line: str) -> None:
    assert split(f"{OWN}\n\n{line}").own == OWN


@pytest.mark.parametrize(
    "line",
    [
        "Von meinem Konto wurden 20 EUR abgebucht.",
        "Mit dem Handy geht es nicht.",
        "Ich habe es mit dem Handy gesendet.",
        "Outlook for Mac shows an error.",
        "Obtenir Outlook ne marche pas",
        "Verzonden met de post, telefoon zit erin",
        "iPhoneからログインできません。",
        "iPhone에서 로그인이 안 돼요.",
        "从我的账户扣了两次钱。",
    ],
)
def test_a_sentence_about_a_telephone_is_a_sentence(line: str) -> None:
    assert split(f"{OWN}\n\n{line}").own == f"{OWN}\n\n{line}"


@pytest.mark.parametrize(
    "line",
    [
        "-----I asked support@acorn.example and Ada wrote back-----",
        ">>> see below >>>",
        "Ada wrote 3.5 pages in 2026:",
        "Ada wrote 2.3.2026 at noon or so:",
    ],
)
def test_who_writes_nearly_so_is_not_hidden(line: str) -> None:
    text = f"{OWN}\n\n{line}\n\nand more words"
    assert "and more words" in split(text).own


def test_a_sentence_about_a_line_is_a_sentence() -> None:
    text = "- Please sign above this line\n- and below the other"
    assert split(text).own == text
