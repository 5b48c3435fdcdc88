"""Teams, and organizations that share."""

from sqlalchemy import select

from helpdesk.accounts.models import Role, Team
from helpdesk.core.db import session, transaction
from helpdesk.core.journal import JournalEntry
from helpdesk.tickets import actions
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


def save(ada: Visitor, people: Cast, *members: int, restricted: bool = True) -> None:
    form: dict[str, object] = {"name": "Billing", "member": list(members)}
    ada.post(
        f"/admin/teams/{people.billing.id}", data=form | ({"restricted": "1"} if restricted else {})
    )
    session.rollback()


def who_has_it(people: Cast) -> int | None:
    return people.ticket.assignee_id


def why_nobody_has_it(people: Cast) -> str:
    entries = select(JournalEntry).where(
        JournalEntry.event == "TicketAssigned", JournalEntry.subject_id == people.ticket.id
    )
    last = session.scalars(entries.order_by(JournalEntry.id.desc())).first()
    assert last is not None
    assert last.data["after"] is None
    return str(last.data["reason"])


def test_whoever_may_not_see_a_ticket_any_more_does_not_have_it_any_more(
    people: Cast, ada: Visitor
) -> None:
    before = people.ticket.version
    save(ada, people, people.ben.id)
    assert who_has_it(people) is None
    assert people.ticket.version > before
    assert why_nobody_has_it(people) == "Billing is restricted to its members"


def test_members_administrators_and_open_teams_keep_their_tickets(
    people: Cast, ada: Visitor
) -> None:
    save(ada, people, people.mika.id)
    assert who_has_it(people) == people.mika.id, "a member"
    save(ada, people, people.ben.id, restricted=False)
    assert who_has_it(people) == people.mika.id, "the team is not restricted"
    with transaction():
        people.ticket.assignee = people.ada
    save(ada, people, people.ben.id)
    assert who_has_it(people) == people.ada.id, "an administrator"


def test_an_administrator_who_becomes_an_agent_hands_back_what_is_hidden_then(
    people: Cast, ada: Visitor
) -> None:
    with transaction():
        people.nora.role = Role.ADMIN
        people.billing.restricted = True
        people.ticket.assignee = people.nora
    ada.post(f"/admin/people/{people.nora.id}/role", data={"role": "agent"})
    session.rollback()
    assert who_has_it(people) is None


def test_what_was_resolved_keeps_its_resolver_until_it_is_reopened(
    people: Cast, ada: Visitor
) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    save(ada, people, people.ben.id)
    assert who_has_it(people) == people.mika.id
    with transaction():
        actions.reopen(people.ticket, by=None, by_customer=True)
    assert who_has_it(people) is None
    assert why_nobody_has_it(people) == "Billing is restricted to its members"


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
