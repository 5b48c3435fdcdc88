"""What tests of mail in share."""

from collections.abc import Callable

import pytest

from helpdesk.core.db import session
from helpdesk.intake.jobs import process_next
from helpdesk.intake.models import InboundEmail
from tests.intake.letters import bring

Come = Callable[[bytes], InboundEmail]


@pytest.fixture(autouse=True)
def _thin(monkeypatch: pytest.MonkeyPatch) -> None:
    from helpdesk.intake import letters
    from helpdesk.mail.classes import Kind, Verdict

    def classify(mail, ours=frozenset(), is_ours=lambda _: False):
        if is_ours(mail.message_id) or mail.sender.key in ours:
            return Verdict(Kind.OWN, "ours")
        if mail.header("Auto-Submitted"):
            return Verdict(Kind.AUTO_REPLY, "auto")
        return Verdict(Kind.ORDINARY)

    monkeypatch.setattr(letters, "classify", classify)


@pytest.fixture
def come(app: object) -> Come:
    """A mail comes in and is dealt with: the row as it stands then."""

    def come(raw: bytes, **envelope: object) -> InboundEmail:
        kept = bring(raw, **envelope)
        while process_next():
            pass
        session.rollback()
        return session.get_one(InboundEmail, kept.id)

    return come
