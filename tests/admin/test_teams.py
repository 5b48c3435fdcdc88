"""Teams, and organizations that share."""

from sqlalchemy import select

from helpdesk.accounts.models import Team
from helpdesk.core.db import session
from helpdesk.core.journal import JournalEntry
from tests.cast import Cast
from tests.visitor import Visitor


def teams() -> dict[str, list[str]]:
    session.rollback()
    return {
        team.name: sorted(member.name for member in team.members)
        for team in session.scalars(select(Team))
    }


def test_a_team_is_made(ada: Visitor) -> None:
    ada.post("/admin/teams", data={"name": "Returns"})
    assert teams()["Returns"] == []


def test_two_teams_of_one_name_are_refused_and_the_name_is_kept(ada: Visitor) -> None:
    answer = ada.post("/admin/teams", data={"name": "Billing"})
    assert answer.status_code == 409
    assert "There is a team “Billing” already." in answer.text
    assert 'value="Billing"' in answer.text


def test_a_team_needs_a_name(ada: Visitor) -> None:
    assert ada.post("/admin/teams", data={"name": " "}).status_code == 422
    assert ada.post("/admin/teams", data={"name": "x" * 61}).status_code == 422


def test_members_are_chosen_anew(people: Cast, ada: Visitor) -> None:
    form = {"name": "Billing", "member": [people.ben.id, people.nora.id], "restricted": "yes"}
    ada.post(f"/admin/teams/{people.billing.id}", data=form)
    assert teams()["Billing"] == ["Ben Lund", "Nora Weiss"]
    assert people.billing.restricted
    entry = session.scalar(select(JournalEntry).where(JournalEntry.event == "TeamChanged"))
    assert entry is not None
    assert (entry.data["joined"], entry.data["left"]) == (
        sorted([people.ben.id, people.nora.id]),
        [people.mika.id],
    )


def test_no_customer_becomes_a_member(people: Cast, ada: Visitor) -> None:
    form = {"name": "Billing", "member": [people.mika.id, people.rosas_account.id, "9" * 40, "x"]}
    ada.post(f"/admin/teams/{people.billing.id}", data=form)
    assert teams()["Billing"] == ["Mika Kallio"]


def test_saving_without_a_change_leaves_no_entry(people: Cast, ada: Visitor) -> None:
    form = {"name": "Billing", "member": [people.mika.id]}
    ada.post(f"/admin/teams/{people.billing.id}", data=form)
    assert session.scalar(select(JournalEntry).where(JournalEntry.event == "TeamChanged")) is None


def test_an_unknown_team_is_not_found(ada: Visitor) -> None:
    assert ada.post("/admin/teams/4711", data={"name": "x"}).status_code == 404


def test_an_organization_shares_and_stops(people: Cast, ada: Visitor) -> None:
    path = f"/admin/organizations/{people.harbor.id}/sharing"
    ada.post(path, data={"shares": "yes"})
    session.rollback()
    assert people.harbor.shares_tickets
    assert "Harbor Coffee" in ada.get("/admin/organizations").text
    ada.post(path, data={"shares": "no"})
    session.rollback()
    assert not people.harbor.shares_tickets


def test_an_organization_is_found_by_how_it_begins(ada: Visitor) -> None:
    assert "Harbor Coffee" in ada.get("/admin/organizations?q=harb").text
    assert "Harbor Coffee" in ada.get("/admin/organizations?q=harbor.ex").text
    assert "No organization begins" in ada.get("/admin/organizations?q=%25offee").text
