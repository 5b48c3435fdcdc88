"""The list of changes that macros, rules and bulk edits share."""

from collections.abc import Mapping

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Invalid
from helpdesk.mail.models import OutboundEmail
from helpdesk.tickets import actions, changes, variables
from helpdesk.tickets.changes import ChangesInvalid, Refused
from helpdesk.tickets.models import Message, MessageKind, Priority, Status
from tests.cast import Cast


def form(**given: str) -> Mapping[str, str]:
    return {f"do-{name}": value for name, value in given.items()}


def tags_of(people: Cast) -> list[str]:
    return [tag.name for tag in people.ticket.tags]


def test_a_list_is_read_from_a_form_and_kept_as_json(people: Cast) -> None:
    chosen = form(priority="high", add_tags="Refund, VIP ", status="resolve", note="Paid back.")
    read = changes.from_form({**chosen, "other": "field"})
    assert changes.as_json(read) == [
        {"do": "priority", "to": "high"},
        {"do": "add_tags", "to": ["refund", "vip"]},
        {"do": "note", "to": "Paid back."},
        {"do": "status", "to": "resolve"},
    ]
    assert changes.read(changes.as_json(read)) == read
    assert changes.from_form(form(**changes.in_form(read))) == read


@pytest.mark.parametrize(
    ("do", "to", "says"),
    [
        ("priority", "hihg", "Did you mean “high”?"),
        ("status", "closed", "no status “closed”"),
        ("team", "999", "no such team"),
        ("assignee", "999", "no such agent"),
        ("assignee", "Mika", "no agent"),
        ("type", "999", "no such type"),
        ("type", "Order", "no type"),
        ("add_tags", " , ", "at least one tag"),
        ("add_tags", "x" * 41, "40 characters"),
        ("add_tags", ",".join(f"t{n}" for n in range(21)), "20 tags"),
        ("reply", "Hi {{customer.frist_name}}", "Did you mean {{customer.first_name}}?"),
        ("reply", "One\nHi {{customer.name", "Line 2"),
        ("note", "Hi {{agent.__class__}}", "there is no {{agent.__class__}}"),
        ("reply", "x" * 20_001, "20,000 are possible"),
    ],
)
def test_a_wrong_change_says_what_is_wrong_where(people: Cast, do: str, to: str, says: str) -> None:
    with pytest.raises(ChangesInvalid) as refusal:
        changes.from_form(form(**{do: to, "priority": to if do == "priority" else "low"}))
    assert set(refusal.value.errors) == {do}
    assert says in refusal.value.errors[do]


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ("status", "a list"),
        ([], "at least one"),
        ([{"do": "priority"}], "Change 1 needs"),
        ([{"do": "priority", "to": "low", "x": 1}], "Change 1 needs"),
        ([{"do": "priority", "to": "low"}, {"do": "delete", "to": "all"}], "Change 2: “delete”"),
        ([{"do": ["x"], "to": 1}], "Change 1"),
        ([{"do": "priority", "to": "low"}] * 2, "a second time"),
        ([{"do": "team", "to": True}], "no team"),
        ([{"do": "team", "to": 2**80}], "no team"),
        ([{"do": "note", "to": {"a": 1}}], "no text"),
        ([{"do": "add_tags", "to": [1]}], "Tags are words"),
        ([{"do": "add_tags", "to": ["a"]}, {"do": "remove_tags", "to": ["A"]}], "added as well"),
        ([None], "Change 1 needs"),
    ],
)
def test_json_that_cannot_be_is_refused(people: Cast, items: object, says: str) -> None:
    with pytest.raises(ChangesInvalid, match=says):
        changes.read(items)


def test_a_rule_cannot_assign_to_me(people: Cast) -> None:
    with pytest.raises(ChangesInvalid, match="A rule is nobody"):
        changes.read([{"do": "assignee", "to": "me"}], by_person=False)


def test_what_was_kept_is_read_although_somebody_is_gone(people: Cast) -> None:
    kept = [{"do": "assignee", "to": 12345}]
    assert changes.described(changes.read(kept, checked=False)) == [
        "assign to somebody who is gone"
    ]


def test_changes_are_done_and_say_which_had_effect(people: Cast) -> None:
    wanted = changes.from_form(
        form(priority="high", assignee="me", add_tags="refund", status="pending", note="Looked.")
    )
    with transaction():
        actions.set_priority(people.ticket, Priority.HIGH, by=None)
    with transaction():
        done = changes.apply(wanted, people.ticket, by=people.nora)
    assert done.did == (
        "assign to whoever does it",
        "add the tag refund",
        "add a note",
        "set to waiting for the customer",
    )
    assert done.nothing_to_do == ("priority high",)
    assert people.ticket.assignee_id == people.ids["nora"]
    assert (people.ticket.status, tags_of(people)) == (Status.PENDING, ["refund"])


def test_twice_has_no_effect_the_second_time(people: Cast) -> None:
    wanted = changes.from_form(form(priority="high", team="none", status="resolve"))
    with transaction():
        assert changes.apply(wanted, people.ticket, by=people.mika).changed
    with transaction():
        version = people.ticket.version
        assert not changes.apply(wanted, people.ticket, by=people.mika).changed
        assert people.ticket.version == version


def test_one_that_cannot_be_done_refuses_all(people: Cast) -> None:
    wanted = changes.from_form(form(priority="high", status="pending"))
    with transaction():
        actions.resolve(people.ticket, by=people.mika)
    foreseen = changes.foresee(wanted, people.ticket, by=people.mika)
    assert [one.refusal[:19] for one in foreseen] == ["", "This ticket is done"]
    because = "Set to waiting for the customer: This ticket is done"
    with pytest.raises(Refused, match=because), transaction():
        changes.apply(wanted, people.ticket, by=people.mika)
    assert people.ticket.priority is Priority.NORMAL


def test_whoever_is_not_in_the_restricted_team_it_goes_to_is_foreseen(people: Cast) -> None:
    with transaction():
        people.technical.restricted = True
    wanted = changes.from_form(
        form(team=str(people.ids["technical"]), assignee=str(people.ids["mika"]))
    )
    foreseen = changes.foresee(wanted, people.ticket, by=people.mika)
    assert "restricted" in foreseen[1].refusal
    with pytest.raises(Refused, match="restricted"), transaction():
        changes.apply(wanted, people.ticket, by=people.mika)


def test_a_reply_is_filled_and_written_once_for_a_key(people: Cast) -> None:
    wanted = changes.from_form(form(reply="Hello {{customer.first_name|there}}, {{agent.name}}"))
    for _ in range(2):
        with transaction():
            changes.apply(wanted, people.ticket, by=people.mika, key="once")
    replies = session.query(Message).filter_by(kind=MessageKind.AGENT).all()
    assert [reply.body for reply in replies] == ["Hello Rosa, Mika Kallio"]


def test_nobody_in_particular_writes_automatic_messages(people: Cast) -> None:
    wanted = changes.read(
        [{"do": "reply", "to": "We are on #{{ticket.number}}."}, {"do": "note", "to": "By rule."}],
        by_person=False,
    )
    waiting = people.ticket.waiting_since
    for _ in range(2):
        with transaction():
            changes.apply(wanted, people.ticket, by=None, key="rule-7")
    kinds = [m.kind for m in session.query(Message).order_by(Message.id)][1:]
    assert kinds == [MessageKind.NOTE, MessageKind.AUTOMATIC]
    mail = session.query(OutboundEmail).filter_by(kind="reply").one()
    assert mail.headers["Auto-Submitted"] == "auto-generated"
    assert f"We are on #{people.ids['ticket']}." in mail.text
    assert "Acorn Payroll" in mail.text
    assert people.ticket.waiting_since == waiting, "a machine answers nobody"


@pytest.mark.usefixtures("people")
def test_what_was_put_in_is_never_looked_at_again(people: Cast) -> None:
    with transaction():
        people.rosa.name = "{{ticket.number}} Lindt"
    found = variables.fill("{{customer.name}}", people.ticket, people.mika)
    assert found.text == "{{ticket.number}} Lindt"


def test_what_is_missing_takes_the_words_after_the_bar(people: Cast) -> None:
    with transaction():
        people.rosa.name = "rosa@harbor.example"
    ticket, mika = people.ticket, people.mika
    assert variables.filled("Hi {{customer.first_name | there}}", ticket, mika) == "Hi there"
    assert variables.filled("Hi{{customer.first_name|}}", ticket, mika) == "Hi"
    with pytest.raises(Invalid, match="does not tell the customer’s first name"):
        variables.filled("Hi {{customer.first_name}}", ticket, mika)
    gap = variables.fill("Hi {{customer.first_name}}", ticket, mika)
    assert (gap.text, gap.missing) == ("Hi {{customer.first_name}}", ("customer.first_name",))
    assert variables.unfilled(gap.text) == "{{customer.first_name}}"
    assert variables.unfilled("use {{mustache}}") == ""


@given(st.text(alphabet="{}|a. \n", max_size=40))
@settings(max_examples=200)
def test_any_text_is_either_refused_or_holds_known_variables_alone(text: str) -> None:
    try:
        variables.check(text)
    except Invalid:
        return
    assert "{{" not in text
    assert "}}" not in text


def test_json_survives_any_order(app: Flask, people: Cast) -> None:
    items = [{"do": "status", "to": "resolve"}, {"do": "team", "to": people.ids["technical"]}]
    read = changes.read(items)
    assert [change.do for change in read] == ["team", "status"]
    assert changes.read(items[::-1]) == read
