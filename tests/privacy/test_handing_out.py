"""A person's data is handed out: all of it, and nothing of anybody else."""

import io
import json
from datetime import timedelta
from typing import Any
from zipfile import ZipFile

import time_machine

from helpdesk.core.clock import now
from helpdesk.core.db import transaction
from helpdesk.customers.actions import add_note
from helpdesk.tickets import actions, conversation, uploads
from tests.cast import Cast
from tests.privacy.test_erasing import upload
from tests.visitor import Visitor


def opened(content: bytes) -> tuple[dict[str, Any], str, dict[str, bytes]]:
    with ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        return (
            json.loads(archive.read("data.json")),
            archive.read("read-me.html").decode(),
            {name: archive.read(name) for name in names if name.startswith("files/")},
        )


def a_life(people: Cast) -> None:
    with transaction():
        kept = uploads.keep([upload("bill.txt", b"a bill")], "a draft of hers")
        conversation.file(
            people.rosa, "<b>Late</b>", "Where is it?", by=people.rosas_account, attachments=kept
        )
        conversation.add_note(people.ticket, "Between us.", by=people.mika)
        add_note(people.rosa, "A note.", by=people.mika)
        conversation.file(people.carl, "Carls own", "Words of Carl.", by=people.carls_account)


def test_a_manager_takes_all_of_it(people: Cast, client: Visitor) -> None:
    a_life(people)
    answer = client.sign_in(people.nora).post(f"/desk/customers/{people.ids['rosa']}/export")
    data, page, held = opened(answer.data)
    assert {one["subject"] for one in data["requests"]} == {
        "Charged twice for October",
        "<b>Late</b>",
    }
    assert data["addresses"][0]["email"] == "rosa@harbor.example"
    assert list(held.values()) == [b"a bill"]
    assert "&lt;b&gt;Late" in page
    for words in ("Between us", "A note.", "Carls own", "Words of Carl"):
        assert words not in answer.data.decode(errors="replace") + json.dumps(data) + page


def test_what_she_wrote_on_requests_of_others_is_hers_and_no_more(
    people: Cast, client: Visitor
) -> None:
    with transaction():
        his = conversation.file(people.carl, "Carls own", "Words of Carl.", by=people.carls_account)
        conversation.write(his, "I second that.", people.rosa, by=people.rosas_account)
        number = his.id
    answer = client.sign_in(people.nora).post(f"/desk/customers/{people.ids['rosa']}/export")
    data, page, _ = opened(answer.data)
    (told,) = data["written_on_requests_of_others"]
    assert (told["request"], told["text"]) == (number, "I second that.")
    assert "I second that." in page
    assert "Carl" not in json.dumps(data) + page


def test_requests_of_restricted_teams_stay_out(people: Cast, client: Visitor) -> None:
    with transaction():
        people.billing.restricted = True
        actions.move_to_team(people.ticket, people.billing, by=None)
    path = f"/desk/customers/{people.ids['rosa']}/export"
    assert opened(client.sign_in(people.nora).post(path).data)[0]["requests"] == []
    assert len(opened(client.sign_in(people.ada).post(path).data)[0]["requests"]) == 1


def test_she_takes_it_herself_after_signing_in(people: Cast, client: Visitor) -> None:
    a_life(people)
    client.sign_in(people.rosas_account)
    assert "Take it all with you" in client.get("/my/data").text
    with client.session_transaction() as session:
        session["since"] = now().timestamp()
    data, _, _ = opened(client.post("/my/data/export").data)
    assert len(data["requests"]) == 2
    assert data["person"]["name"] == "Rosa Lindt"


def test_a_session_of_yesterday_is_not_enough(people: Cast, client: Visitor) -> None:
    client.sign_in(people.rosas_account)
    with client.session_transaction() as session:
        session["since"] = now().timestamp()
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        answer = client.post("/my/data/export")
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]
