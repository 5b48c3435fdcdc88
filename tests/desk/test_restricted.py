"""What a restricted team has does not exist for the others: in no list, count, search or page."""

import pytest

from helpdesk.churn.models import ChurnFlag, FlagState, HealthSnapshot
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.tickets import conversation
from helpdesk.tickets.models import Attachment
from tests.cast import Cast
from tests.visitor import Visitor


def test_its_members_see_it(mika: Visitor, secret: int) -> None:
    assert "Salary of Xaver" in mika.get("/desk/queue/unassigned").text
    assert "Salary of Xaver" in mika.get(f"/desk/tickets/{secret}").text
    assert mika.get(f"/desk/search?q={secret}").location == f"/desk/tickets/{secret}"
    assert "Salary of <mark>Xaver</mark>" in mika.get("/desk/search?q=xaver").text


@pytest.mark.parametrize(
    "address",
    [
        "/desk/queue/unassigned",
        "/desk/queue/open",
        "/desk/search?q=xaver",
        "/desk/search?q=rosa",
        "/desk/search?q={secret}",
        "/desk/tickets/{ticket}",
        "/desk/customers/{rosa}",
        "/desk/customers/{rosa}?kind=tickets",
        "/desk/customers/{rosa}?kind=messages",
    ],
)
def test_others_see_it_nowhere(ben: Visitor, people: Cast, secret: int, address: str) -> None:
    answer = ben.get(address.format(secret=secret, **people.ids))
    assert answer.status_code == 200
    assert "Salary" not in answer.text
    assert "about Xaver" not in answer.text


def test_others_do_not_count_it(ben: Visitor, mika: Visitor, secret: int) -> None:
    assert "0 tickets" in ben.get("/desk/queue/unassigned").text
    assert "1 ticket" in mika.get("/desk/queue/unassigned").text


def test_its_page_does_not_exist_for_others(ben: Visitor, secret: int) -> None:
    answer = ben.get(f"/desk/tickets/{secret}")
    assert answer.status_code == 404
    assert "Salary" not in answer.text


def test_its_files_do_not_exist_for_others(
    ben: Visitor, mika: Visitor, people: Cast, secret: int
) -> None:
    from helpdesk.core import files
    from helpdesk.core.clock import now
    from helpdesk.tickets.queries import ticket_for

    with transaction():
        (files.root() / "aa").mkdir(parents=True)
        (files.root() / "aa" / "x").write_bytes(b"secret")
        attachment = Attachment(
            id="known-id",
            name="x.txt",
            path="aa/x",
            media_type="application/octet-stream",
            size=6,
            sha256="0",
            created_at=now(),
        )
        session.add(attachment)
        ticket = ticket_for(people.mika, secret)
        conversation.add_note(ticket, "See file", by=people.mika, attachments=[attachment])
    assert mika.get("/desk/attachments/known-id").data == b"secret"
    assert ben.get("/desk/attachments/known-id").status_code == 404


def test_nothing_of_it_can_be_changed_in_bulk(ben: Visitor, people: Cast, secret: int) -> None:
    data = {"ticket": [people.ids["ticket"], secret]}
    assert ben.post("/desk/resolutions", data=data).status_code == 404
    session.expire_all()
    assert people.ticket.is_open, "all of them or none"


def test_no_reason_for_leaving_names_it_to_others(
    ben: Visitor, mika: Visitor, people: Cast, secret: int
) -> None:
    reason = {"family": "tickets", "key": "crowd", "value": 60, "counted": 60, "reason": "Many"}
    points = [reason | {"ticket_ids": [secret, people.ids["ticket"]]}]
    with transaction():
        flag = ChurnFlag(
            customer_id=people.ids["rosa"],
            state=FlagState.RAISED,
            risk=60,
            points=points,
            raised_at=now(),
        )
        snapshot = HealthSnapshot(
            customer_id=people.ids["rosa"],
            day=now().date(),
            risk=60,
            coverage=1.0,
            points=points,
            missing=[],
            clears=[],
            recorded_at=now(),
        )
        session.add_all([flag, snapshot])
        people.rosa.flagged_at = now()
        session.flush()
        flag_id = flag.id
    for address in (f"/desk/flags/{flag_id}", f"/desk/customers/{people.ids['rosa']}"):
        assert f"#{secret}<" in mika.get(address).text
        assert f"#{secret}<" not in ben.get(address).text
        assert f"#{people.ids['ticket']}<" in ben.get(address).text
    assert f"#{secret}<" not in ben.get(f"/desk/tickets/{people.ids['ticket']}").text
