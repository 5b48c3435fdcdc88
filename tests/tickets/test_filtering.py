"""What each filter finds, and for whom."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.accounts.models import Account, Team
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers.models import Organization
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.filters import FilterError, parse
from helpdesk.tickets.models import Priority, Status, Ticket
from tests.cast import Cast

TICKETS = ("payslip", "login", "export", "praise", "secret")


@pytest.fixture
def numbers(people: Cast) -> dict[str, int]:
    """Five tickets of Sam's and Rosa's, by a word of their subject; "charged" is Mika's own."""
    with transaction():
        made = {
            word: conversation.file(person, f"About {word}", "Please")
            for word, person in zip(TICKETS, [people.sam] * 3 + [people.rosa] * 2, strict=True)
        }
        disputes = Team(name="Disputes", restricted=True, members=[people.mika])
        session.add(disputes)
        session.flush()
        actions.move_to_team(made["secret"], disputes, by=None)
        actions.move_to_team(made["login"], people.technical, by=None)
        actions.assign(made["login"], people.ben, by=None)
        actions.set_priority(made["payslip"], Priority.URGENT, by=None)
        actions.set_priority(made["export"], Priority.LOW, by=None)
        actions.set_tags(made["payslip"], ["refund", "tax"], by=None)
        actions.set_tags(made["export"], ["tax"], by=None)
        actions.set_status(made["export"], Status.PENDING, by=None)
        made["payslip"].created_at = now() - timedelta(days=10)
        made["login"].sentiment, made["login"].sentiment_label = -0.6, "negative"
        made["praise"].sentiment, made["praise"].sentiment_label = 0.7, "positive"
        made["praise"].last_score, made["login"].last_score = 5, 2
        people.sam.flagged_at = now()
        actions.resolve(made["praise"], by=people.mika)
        session.flush()
        found = {word: ticket.id for word, ticket in made.items()}
    return {**found, "charged": people.ids["ticket"]}


def found(text: str, viewer: Account | None, numbers: dict[str, int]) -> set[str]:
    rows = set(session.scalars(select(Ticket.id).where(*parse(text).where(viewer))))
    return {word for word, number in numbers.items() if number in rows}


FOUND = (
    ("status:new", "payslip secret"),
    ("status:open,pending", "login export charged"),
    ("is:open", "payslip login export secret charged"),
    ("is:done", "praise"),
    ("-is:open", "praise"),
    ("is:waiting is:open", "payslip login export secret charged"),
    ("assignee:me", "praise charged"),
    ("assignee:none", "payslip export secret"),
    ("assignee:ben,none", "login payslip export secret"),
    ('assignee:"Mika Kallio"', "praise charged"),
    ("team:technical", "login"),
    ("team:none", "payslip export praise"),
    ("tag:tax", "payslip export"),
    ("tag:tax -tag:refund", "export"),
    ("tag:refund,nothing", "payslip"),
    ("tag:none is:open", "login secret charged"),
    ("is:open tag:tax,refund", "payslip export"),
    ("status:new,pending -tag:refund", "export secret"),
    ("-(is:open tag:tax) -is:done", "login secret charged"),
    ("priority>=high", "payslip"),
    ("priority<normal", "export"),
    ("priority:low,urgent", "payslip export"),
    ("customer:sam", "payslip login export"),
    ('customer:"harbor cof"', "praise secret charged"),
    ("customer:ROSA@harbor", "praise secret charged"),
    ("organization:harbor", "praise secret charged"),
    ("organization:none", "payslip login export"),
    ("channel:portal is:done", "praise"),
    ("sentiment:negative", "login"),
    ("sentiment:none", "payslip export secret charged"),
    ("sentiment<0", "login"),
    ("sentiment>=-0.6", "login praise"),
    ("score<=2", "login"),
    ("score:5,2", "login praise"),
    ("-score:5", "payslip login export secret charged"),
    ("flag:churn", "payslip login export"),
    ("flag:none", "praise secret charged"),
    ("created<7d", "payslip"),
    ("created:2w..7d", "payslip"),
    ("created:today tag:tax", "export"),
    ("resolved:today", "praise"),
    ("resolved:none -assignee:none", "login charged"),
    ("team:technical OR tag:refund", "login payslip"),
    ("-(team:technical OR tag:tax) is:open", "secret charged"),
    ("customer:nobody", ""),
    ("customer:100%", ""),
)


def test_filters_find(people: Cast, numbers: dict[str, int]) -> None:
    wanted = {text: set(words.split()) for text, words in FOUND}
    assert {text: found(text, people.mika, numbers) for text in wanted} == wanted


def test_names_are_found_in_any_case_and_script(people: Cast, numbers: dict[str, int]) -> None:
    with transaction():
        people.sam.name = "Ömer Ångström"
        people.rosa.organization = Organization(name="École Zoë", created_at=now())
        session.get_one(Ticket, numbers["praise"]).organization = people.rosa.organization
    for text in ("ömer", "ÖMER", "Ömer", '"ömer ång"', '"ÖMER ÅNGSTRÖM"'):
        assert found(f"customer:{text}", people.mika, numbers) == {"payslip", "login", "export"}
    for text in ("école", "ÉCOLE", '"école zo"'):
        assert found(f"organization:{text}", people.mika, numbers) == {"praise"}
    assert found("customer:ömel", people.mika, numbers) == set()


def test_a_number_finds_its_ticket(people: Cast, numbers: dict[str, int]) -> None:
    assert found(f"number:#{numbers['login']}", people.mika, numbers) == {"login"}
    assert found(f"number>{numbers['praise']}", people.mika, numbers) == {"secret"}


def test_what_someone_may_not_see_does_not_exist_for_them(
    people: Cast, numbers: dict[str, int]
) -> None:
    assert found("customer:rosa", people.ben, numbers) == {"praise", "charged"}
    assert found("team:disputes", people.ben, numbers) == set()
    assert found("-tag:tax", people.sams_account, numbers) == {"login"}
    assert found("team:disputes", None, numbers) == {"secret"}


def test_a_filter_and_its_opposite_find_everything_once(
    people: Cast, numbers: dict[str, int]
) -> None:
    for text in ("score>3", "sentiment<0", "resolved:today", "tag:tax", "assignee:me"):
        one, other = (found(f, people.ada, numbers) for f in (text, f"-{text}"))
        assert (one | other, one & other) == (set(numbers), set()), text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("team:biling", "There is no team “biling”. Did you mean “Billing”?"),
        ('assignee:"Mika Kalio"', "Did you mean “Mika Kallio”?"),
        ("assignee:rosa", "Nobody here is called “rosa”."),
        ("refund -team:nonsense", "There is no team “nonsense”."),
    ],
)
def test_strangers_are_named_with_their_place(people: Cast, text: str, words: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text).check(people.mika)
    assert words in caught.value.message
    assert ":" in text[caught.value.start : caught.value.end]


def test_somebody_of_several_is_asked_for(people: Cast) -> None:
    with transaction():
        people.ben.name = "Mika Berg"
    with pytest.raises(FilterError, match="may be Mika Berg or Mika Kallio"):
        parse("assignee:mika").check(people.ada)


def test_nobody_in_particular_has_nothing(people: Cast) -> None:
    with pytest.raises(FilterError, match="no “me”"):
        parse("assignee:me").check(None)


def test_days_are_those_of_the_viewer(people: Cast, clock: object) -> None:
    with transaction():
        people.ticket.created_at = now() - timedelta(hours=12)  # 1 March, 21:00 in London
        people.mika.time_zone = "Asia/Tokyo"  # where it was the second already
    numbers = {"charged": people.ids["ticket"]}
    assert found("created:2026-03-01", people.ada, numbers) == {"charged"}
    assert found("created:2026-03-01", people.mika, numbers) == set()
    assert found("created:today", people.mika, numbers) == {"charged"}


@pytest.mark.parametrize(
    ("text", "each"),
    [
        ("is:open tag:tax", True),
        ("status:new,pending tag:none", True),
        ("tag:tax", False),
        ("-is:open tag:tax", False),
        ("status:open,resolved tag:tax", False),
    ],
)
def test_tags_are_looked_up_one_by_one_where_only_open_tickets_are_asked_for(
    people: Cast, text: str, each: bool
) -> None:
    """However many tickets that are done have the tag as well."""
    asked = str(select(Ticket.id).where(*parse(text).where(None)))
    assert ("EXISTS" in asked) is each
