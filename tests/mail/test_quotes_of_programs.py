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
    "--- Bitte antworten Sie oberhalb dieser Linie ---",
)
HEADERS = (
    ("От", "Изпратено", "До", "Относно"),
    ("No", "Nosūtīts", "Kam", "Tēma"),
    ("จาก", "ส่ง", "ถึง", "เรื่อง"),
    ("Од", "Послато", "За", "Наслов"),
    ("De", "Enviat", "Per a", "Assumpte"),
    ("Od", "Poslano", "Za", "Zadeva"),
)


@pytest.mark.parametrize("naming", NAMINGS)
def test_what_follows_a_line_that_announces_a_quote_is_quoted(naming: str) -> None:
    assert split(f"{OWN}\n\n{naming}\n\n{QUOTED}").own == OWN


@pytest.mark.parametrize("labels", HEADERS)
def test_what_follows_a_header_is_quoted(labels: tuple[str, str, str, str]) -> None:
    values = (WHO, "Monday, 2 March 2026 08:00", "Rosa <rosa@x.example>", "Card")
    header = "\n".join(f"{label}: {value}" for label, value in zip(labels, values, strict=True))
    assert split(f"{OWN}\n\n{header}\n\n{QUOTED}").own == OWN


@pytest.mark.parametrize("line", ["Odesláno z iPhonu", "Outlook for iOSを入手", "Sent from Front"])
def test_the_line_of_a_telephone_is_no_word_of_its_owner(line: str) -> None:
    assert split(f"{OWN}\n\n{line}").own == OWN


def test_a_sentence_about_a_line_is_a_sentence() -> None:
    text = "- Please sign above this line\n- and below the other"
    assert split(text).own == text
