"""What tests of mail in share."""

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk.core.db import session
from helpdesk.intake.jobs import process_next
from helpdesk.intake.models import InboundEmail
from tests.intake.letters import bring

Come = Callable[..., InboundEmail]


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
