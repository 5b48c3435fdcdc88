"""The journal in sentences, and the folding of quotes. No database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.desk.people import People
from helpdesk.desk.quotes import split_quote
from helpdesk.desk.sentences import Entry, sentence

WHO = People({1: "Ada", 2: "Ben"}, {3: "Old Joe"}, {7: "Billing"})


def said(event: str, actor: int | None = 1, **data: Any) -> str:
    name = {1: "Ada", 2: "Ben"}.get(actor or 0)
    return sentence(Entry(event, data, actor, name, WHO))


@pytest.mark.parametrize(
    ("words", "data"),
    [
        ("Ada took this ticket", {"before": None, "after": 1, "reason": "by hand"}),
        ("Ada took this ticket: first to reply", {"after": 1, "reason": "first to reply"}),
        ("Ada gave it to Ben", {"before": 1, "after": 2, "reason": "by hand"}),
        ("Ada gave it to Old Joe", {"before": 1, "after": 3, "reason": "by hand"}),
        ("Ada took it from Ben", {"before": 2, "after": None, "reason": "by hand"}),
    ],
)
def test_assignments(words: str, data: dict[str, Any]) -> None:
    assert said("TicketAssigned", **{"before": None, **data}) == words


def test_a_rule_gives_its_reason() -> None:
    words = said("TicketAssigned", None, before=None, after=2, reason="rule “refunds”")
    assert words == "Given to Ben: rule “refunds”"


@pytest.mark.parametrize(
    ("event", "data", "words"),
    [
        ("TicketMovedToTeam", {"before": None, "after": 7}, "Ada moved it to Billing"),
        ("TicketMovedToTeam", {"before": 7, "after": None}, "Ada took it out of Billing"),
        ("PriorityChanged", {"before": "low", "after": "high"}, "Ada raised the priority"),
        ("PriorityChanged", {"before": "high", "after": "low"}, "Ada lowered the priority"),
        ("StatusChanged", {"before": "open", "after": "pending"}, "waiting for the customer"),
        ("TagsChanged", {"added": ["a", "b"], "removed": ["c"]}, "the tags a and b and removed"),
        ("TicketResolved", {"by_customer": False}, "Ada resolved it"),
        ("TicketResolved", {"by_customer": True}, "The customer marked it as solved"),
        ("TicketReopened", {"by_customer": True}, "The customer opened it again"),
        ("TicketFollowedUp", {"follow_up_id": 12}, "#12"),
        ("TicketClosed", {}, "Closed after"),
        ("SlaMet", {"target": "first_response"}, "The first reply came in time"),
        ("MacroUsed", {"name": "Refund", "did": ["resolve"]}, "used the macro “Refund”: resolve"),
        ("BulkEdited", {"bulk_id": 7, "did": ["resolve"]}, "changed it in bulk edit 7: resolve"),
        (
            "BulkEditTakenBack",
            {"bulk_id": 7, "restored": ["team", "tags"], "left": ["status"]},
            "Ada undid bulk edit 7: team and tags as before, status stays",
        ),
        ("MacroUsed", {"name": "Refund", "did": []}, "Ada used the macro “Refund”"),
        ("ReplyCameBack", {"hard": True}, "does not work"),
        ("ReplyCameBack", {"hard": False}, "not delivered yet"),
        ("WatcherAdded", {"watcher_id": 1}, "gets a copy"),
        ("MailWentElsewhere", {"follow_up_id": 12}, "became ticket #12"),
        ("MailRefersTo", {"follow_up_id": 12}, "a mail about ticket #12"),
        ("SenderDoubted", {}, "Careful"),
        ("MailedReplyStopped", {}, "Ada answered by mail"),
        ("AgentMentioned", {"agent_id": 2}, "Ada called Ben"),
        ("AgentWatches", {"agent_id": 1}, "Ada watches this from now on"),
        ("AgentWatches", {"agent_id": 2}, "Ada lets Ben watch this"),
        ("AgentStoppedWatching", {"agent_id": 1}, "Ada watches this no more"),
        ("WatcherRemoved", {"watcher_id": 1}, "Ada took somebody out of Cc"),
        ("TicketMerged", {"other_id": 7, "messages": 2}, "Ada merged this into #7, with 2 mess"),
        ("TicketGaveBack", {"other_id": 7, "messages": 1}, "Ada took #7 out of this again, with 1"),
        ("TicketsRelated", {"other_id": 7, "words": "part of"}, "Ada linked it: part of #7"),
        ("ChecklistChanged", {"did": "ticked", "text": "Call"}, "Ada ticked off: Call"),
        ("TimeSpent", {"before": None, "minutes": 80, "agent_id": 1}, "Ada spent 1 h 20 min on it"),
        (
            "TimeSpent",
            {"before": 5, "minutes": 0, "agent_id": 2},
            "of Ben from 5 min to 0 min",
        ),
        ("TicketSnoozed", {"until": None}, "Ada put it aside until the customer answers"),
        ("TicketWoken", {"why": "by hand"}, "Ada took it up again"),
        ("SomethingQuiteNew", {}, "Something quite new, by Ada"),
    ],
)
def test_every_event_is_a_sentence(event: str, data: dict[str, Any], words: str) -> None:
    assert words in said(event, **data)


@pytest.mark.parametrize(
    ("body", "text", "quote"),
    [
        ("Hello", "Hello", ""),
        ("Yes\n\nBen wrote:\n> a\n> b", "Yes", "Ben wrote:\n> a\n> b"),
        ("Yes\n> a\n>\n> b\n\n", "Yes", "> a\n>\n> b"),
        ("> a\n> b\nbelow", "> a\n> b\nbelow", ""),
        ("Yes\n> one line", "Yes\n> one line", ""),
        ("> a\n> b", "", "> a\n> b"),
    ],
)
def test_only_a_quoted_end_is_folded(body: str, text: str, quote: str) -> None:
    assert split_quote(body) == (text, quote)


@given(st.lists(st.sampled_from(["> a", "b", "", "Ben wrote:", ">", "c:"]), max_size=12))
def test_folding_hides_no_line_that_somebody_wrote(lines: list[str]) -> None:
    text, quote = split_quote("\n".join(lines))
    kept = [line for line in (*text.split("\n"), *quote.split("\n")) if line.strip()]
    assert kept == [line for line in lines if line.strip()]
    folded = [line for line in quote.split("\n") if line.strip()]
    assert all(line.startswith(">") for line in folded[1:])
