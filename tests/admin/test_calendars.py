"""Business hours whose holidays nobody knows any more say so."""

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.tickets.hours import BusinessHours
from tests.cast import Cast
from tests.tickets.promises import OFFICE
from tests.visitor import Visitor


def test_a_calendar_that_ends_is_told_with_what_to_do(people: Cast, client: Visitor) -> None:
    with transaction():
        ends = BusinessHours(
            name="Ends",
            zone="Europe/Berlin",
            week=OFFICE,
            country="DE",
            public_days=[["2020-12-25", "Christmas Day"]],
            created_at=now(),
        )
        none = BusinessHours(
            name="None", zone="Europe/Berlin", week=OFFICE, country="XX", created_at=now()
        )
        session.add_all([ends, none])
        session.flush()
        ids = ends.id, none.id
    client.sign_in(people.ada)
    first, second = (client.get(f"/admin/hours/{hours_id}").text for hours_id in ids)
    assert "The calendar of DE ends with 2020" in first
    assert "No calendar of XX is known any more" in second
    assert "count as working days until you write them below" in second
