"""A mail that somebody asks for in a browser comes in the language of that browser."""

import pytest

from helpdesk.accounts.links import Purpose
from helpdesk.accounts.mailwords import ENGLISH, LANGUAGES
from helpdesk.core.db import session
from helpdesk.mail.models import OutboundEmail
from tests.cast import Cast
from tests.visitor import Visitor


@pytest.mark.parametrize(
    ("spoken", "says"),
    [
        ("de-AT, en;q=0.5", "Guten Tag,"),
        ("ja, fr;q=0.8", "Bonjour,"),
        ("ar", 'dir="rtl"'),
        ("xx", "Hello,"),
        ("", "Hello,"),
        ("\N{SNOWMAN};q=nonsense", "Hello,"),
    ],
)
def test_it_speaks_as_the_browser_does(
    spoken: str, says: str, client: Visitor, people: Cast
) -> None:
    headers = {"Accept-Language": spoken.encode().decode("latin-1")}
    answer = client.post("/sign-in/link", data={"email": people.rosa.email}, headers=headers)
    assert answer.status_code == 303
    mail = session.query(OutboundEmail).filter_by(kind=Purpose.SIGN_IN).one()
    assert says in mail.html


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_every_language_has_every_letter(code: str) -> None:
    language = LANGUAGES[code]
    assert language.links.keys() == ENGLISH.links.keys() == set(Purpose) - {Purpose.INVITATION}
    for purpose, words in language.links.items():
        for name, english in vars(ENGLISH.links[purpose]).items():
            text = getattr(words, name)
            assert text.strip()
            assert ("{company}" in text) == ("{company}" in english)
            assert "{" not in text.format(company="us")
