"""What a database complains of goes into logs and the administrators' pages."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.mail.models import OutboundEmail


def test_an_error_of_the_database_does_not_repeat_what_was_to_be_stored(app: Flask) -> None:
    with pytest.raises(IntegrityError) as caught, transaction():
        for _ in range(2):
            session.add(
                OutboundEmail(
                    kind="test",
                    to_address="rosa@harbor.example",
                    subject="Hello",
                    text="https://help.example/links/secret",
                    html="",
                    headers={},
                    message_id="<the same@help.example>",
                    created_at=now(),
                )
            )
    assert "links/secret" not in str(caught.value)
