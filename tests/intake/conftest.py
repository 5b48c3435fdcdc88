"""What tests of mail in share."""

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.core.db import session
from helpdesk.intake import letters
from helpdesk.intake.jobs import process_next
from helpdesk.intake.models import InboundEmail
from helpdesk.mail.classes import Kind, Verdict
from helpdesk.mail.parsing import Mail
from tests.intake.letters import bring

Come = Callable[..., InboundEmail]


@pytest.fixture(autouse=True)
def _kinds_by_two_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What kind a mail is has tests of its own."""

    def classify(
        mail: Mail,
        ours: frozenset[str] = frozenset(),
        is_ours: Callable[[str], bool] = lambda _: False,
    ) -> Verdict:
        if is_ours(mail.message_id) or mail.sender.key in ours:
            return Verdict(Kind.OWN, "It is ours.")
        automatic = bool(mail.header("Auto-Submitted"))
        return Verdict(Kind.AUTO_REPLY if automatic else Kind.ORDINARY)

    monkeypatch.setattr(letters, "classify", classify)


@pytest.fixture
def come(app: object) -> Come:
    """A mail comes in and is dealt with: the row as it stands then."""

    def come(raw: bytes, **envelope: Any) -> InboundEmail:
        kept = bring(raw, **envelope)
        while process_next():
            pass
        session.rollback()
        return session.get_one(InboundEmail, kept.id)

    return come
