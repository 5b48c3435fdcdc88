"""Ticket types, and what is filled in on tickets."""

import html

import pytest
from sqlalchemy import select

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict
from helpdesk.core.fields import Wish
from helpdesk.core.journal import JournalEntry
from helpdesk.desk.actions import Wish as ViewWish
from helpdesk.desk.actions import save_view
from helpdesk.tickets import actions, filling
from helpdesk.tickets.filters import FilterError, parse
from helpdesk.tickets.models import Status, Ticket
from helpdesk.tickets.types import TicketField, TicketType, values_of
from tests.cast import Cast
from tests.conftest import Clock
from tests.desk.conftest import statements
from tests.visitor import Visitor

WISHES = (
    Wish("order_number", "Order number", "text", is_required=True, is_public=True),
    Wish("amount", "Amount", "number"),
    Wish("bought", "Bought on", "date"),
    Wish("size", "Size", "choice", "Small\nLarge\n\nSmall"),
    Wish("insured", "Insured", "yes_no"),
)


@pytest.fixture
def order(people: Cast) -> int:
    """A type with a field of each kind."""
    with transaction():
        kind = filling.make_type("Order", by=people.ada)
        for wish in WISHES:
            filling.add_field(kind, wish, by=people.ada)
        return kind.id


@pytest.fixture
def typed(people: Cast, order: int) -> dict[str, int]:
    """Rosa's ticket is an order; ids of the fields by key."""
    with transaction():
        filling.set_type(people.ticket, session.get_one(TicketType, order), by=people.mika)
    return {field.key: field.id for field in session.query(TicketField)}


def fill(people: Cast, typed: dict[str, int], **texts: str) -> None:
    with transaction():
        filling.fill_in(people.ticket, {typed[k]: v for k, v in texts.items()}, by=people.mika)


def found(people: Cast, text: str) -> bool:
    with transaction(write=False):
        where = parse(text).where(people.mika)
        return people.ticket.id in session.scalars(select(Ticket.id).where(*where)).all()


def test_fields_are_filled_in_at_the_desk(
    mika: Visitor, people: Cast, typed: dict[str, int]
) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    assert "Order number" in mika.get(f"{path}/fields").text
    form = {f"field-{typed['amount']}": "12,50", f"field-{typed['size']}": "large"}
    mika.post(f"{path}/fields", data=form)
    session.expire_all()
    assert values_of(people.ticket.id) == {typed["amount"]: "12.5", typed["size"]: "Large"}
    assert "12.5" in mika.get(path).text
    entry = session.query(JournalEntry).filter_by(event="FieldsFilled").one()
    assert entry.data == {"ticket_id": people.ticket.id, "labels": ["Amount", "Size"]}


@pytest.mark.parametrize(
    ("key", "text"),
    [("amount", "much"), ("amount", "NaN"), ("amount", "1e99"), ("amount", "9" * 40),
     ("bought", "tomorrow"), ("bought", "2026-02-30"), ("size", "Huge"), ("insured", "maybe"),
     ("order_number", "x" * 501)],
)  # fmt: skip
def test_what_cannot_be_a_value_is_told(
    mika: Visitor, people: Cast, typed: dict[str, int], key: str, text: str
) -> None:
    path = f"/desk/tickets/{people.ticket.id}/fields"
    assert mika.post(path, data={f"field-{typed[key]}": text}).status_code == 422
    assert values_of(people.ticket.id) == {}


def test_what_is_required_is_filled_in_before_it_is_resolved(
    mika: Visitor, people: Cast, typed: dict[str, int]
) -> None:
    answer = mika.post(f"/desk/tickets/{people.ticket.id}/resolution")
    assert answer.status_code == 409
    assert "fill in: Order number" in answer.text
    fill(people, typed, order_number="A-1")
    mika.post(f"/desk/tickets/{people.ticket.id}/resolution")
    session.expire_all()
    assert people.ticket.status is Status.RESOLVED


def test_the_customer_solves_it_all_the_same(people: Cast, typed: dict[str, int]) -> None:
    with transaction():
        actions.resolve(people.ticket, by=people.rosas_account, by_customer=True)
    assert people.ticket.status is Status.RESOLVED


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("field.order_number:a-1", True),
        ("field.order_number:A-2,A-1", True),
        ("field.order_number:A-2", False),
        ("-field.order_number:A-1", False),
        ("field.amount>=12.5", True),
        ("field.amount>100", False),
        ("field.amount<100", True),
        ("field.bought<2026-02-01", True),
        ("field.bought>2026-02-01", False),
        ("field.amount:12.50,7", True),
        ("field.amount:7", False),
        ("field.bought:2026-01", True),
        ("field.bought:2026-01-02..2026-01-05", True),
        ("field.bought:..2026-01-04", False),
        ("field.bought<=2026-01-05", True),
        ("field.bought>2026-01", False),
        ("field.bought>=2026", True),
        ("field.bought:today", False),
        ("-field.bought:none,2025", True),
        ("field.insured:none", True),
        ("field.order_number:none", False),
        ("Field.Size:large status:open", True),
    ],
)
def test_filters_ask_for_what_is_filled_in(
    people: Cast, typed: dict[str, int], text: str, is_found: bool
) -> None:
    fill(people, typed, order_number="A-1", amount="12.5", bought="2026-01-05", size="Large")
    assert found(people, text) is is_found
    assert str(parse(str(parse(text)))) == str(parse(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("field.amount>=lots", "“field.amount” is a number"),
        ("field.amount:1,nan", "not “nan”"),
        ("field.bought<soon", "“soon” is not a day"),
        ("field.bought:2026-02..2026-01", "ends before it begins"),
    ],
)
def test_what_cannot_be_filled_in_cannot_be_asked_for(
    people: Cast, typed: dict[str, int], text: str, words: str
) -> None:
    with pytest.raises(FilterError) as caught:
        found(people, f"is:open {text}")
    assert words in caught.value.message
    assert f"is:open {text}"[caught.value.start : caught.value.end] == text


def test_days_that_are_filled_in_pass(people: Cast, typed: dict[str, int], clock: Clock) -> None:
    fill(people, typed, bought=now().date().isoformat())
    assert found(people, "field.bought:today")
    assert found(people, "field.bought>3d")
    assert not parse("field.bought:today").is_timeless
    clock.move(days=4)
    assert not found(people, "field.bought:today")
    assert not found(people, "field.bought>3d")


def test_an_unknown_field_is_told_with_what_may_be_meant(
    people: Cast, typed: dict[str, int]
) -> None:
    with pytest.raises(FilterError, match="Did you mean “field"):
        found(people, "field.amuont:3")


def test_what_is_retired_is_not_asked_for_and_not_lost(
    mika: Visitor, people: Cast, typed: dict[str, int]
) -> None:
    fill(people, typed, order_number="A-1")
    with transaction():
        field = session.get_one(TicketField, typed["order_number"])
        filling.retire_field(field, back=False, by=people.ada)
    page = mika.get(f"/desk/tickets/{people.ticket.id}/fields").text
    assert "not asked for any more" in page
    assert found(people, "field.order_number:A-1")
    with transaction(), pytest.raises(Conflict):
        kind = session.scalars(select(TicketType)).one()
        filling.retire_type(kind, back=False, by=people.ada)
        people.ticket.type_id = None
        filling.set_type(people.ticket, kind, by=people.mika)


def test_administrators_make_types_and_fields(client: Visitor, people: Cast) -> None:
    ada = client.sign_in(people.ada)
    ada.post("/admin/types", data={"name": "Return"})
    kind = session.scalars(select(TicketType)).one()
    path = f"/admin/types/{kind.id}/fields"
    ada.post(path, data={"label": "Why", "key": "why", "kind": "choice", "choices": "a\nb"})
    assert "field.why" in ada.get("/admin/types").text
    for wrong in ({"key": "Wh y"}, {"key": "why"}, {"kind": "x"}, {"label": ""}, {"choices": "a"}):
        data = {"label": "Y", "key": "y", "kind": "choice", "choices": "a\nb", **wrong}
        assert ada.post(path, data=data).status_code in (409, 422)
    assert ada.post("/admin/types", data={"name": "Return"}).status_code == 409
    field = session.scalars(select(TicketField)).one().id
    ada.post(f"/admin/types/fields/{field}", data={"label": "Reason", "choices": "a\nb\nc"})
    ada.post(f"/admin/types/fields/{field}/retirement")
    session.expire_all()
    held = session.get_one(TicketField, field)
    assert (held.label, held.choices, held.retired_at is None) == ("Reason", list("abc"), False)


def test_customers_are_asked_for_what_is_public(
    client: Visitor, people: Cast, typed: dict[str, int], order: int
) -> None:
    rosa = client.sign_in(people.rosas_account)
    page = rosa.get("/requests/new")
    assert "Order number" in page.text
    assert "Amount" not in page.text
    form = {
        "subject": "Late", "message": "Where is it?", "about": str(order), "form_key": "k",
        f"field-{typed['order_number']}": "A-9", f"field-{typed['amount']}": "3",
    }  # fmt: skip
    rosa.post("/requests", data=form)
    filed = session.scalars(select(Ticket).order_by(Ticket.id.desc())).first()
    assert filed is not None
    assert filed.type_id == order
    assert values_of(filed.id) == {typed["order_number"]: "A-9"}


def test_fields_cost_one_question(mika: Visitor, people: Cast, order: int) -> None:
    path = f"/desk/tickets/{people.ticket.id}"
    mika.get(path)
    with statements() as plain:
        mika.get(path)
    with transaction():
        filling.set_type(people.ticket, session.get_one(TicketType, order), by=people.mika)
    mika.get(path)
    with statements() as full:
        mika.get(path)
    assert len(full) <= len(plain) + 1


def test_what_is_filled_in_is_found_in_any_case(people: Cast, typed: dict[str, int]) -> None:
    fill(people, typed, order_number="Århus Übung")
    for text in ("Århus Übung", "århus übung", "ÅRHUS ÜBUNG"):
        assert found(people, f'field.order_number:"{text}"')
    assert not found(people, "field.order_number:århus")


def test_tickets_are_found_by_their_type(people: Cast, typed: dict[str, int]) -> None:
    with transaction():
        filling.make_type("Data request", by=people.ada)
    assert found(people, "type:order")
    assert found(people, "-type:none type:Order,data-request")
    assert not found(people, 'type:none OR type:"data request"')
    with pytest.raises(FilterError, match="no type “ordre”"):
        found(people, "type:ordre")


def test_a_view_shows_types_and_what_is_filled_in(
    mika: Visitor, people: Cast, typed: dict[str, int]
) -> None:
    fill(people, typed, amount="12.5", order_number="<A-1>")
    columns = ["type", "field.amount", "field.order_number"]
    form = {"name": "Orders", "text": "type:order", "column": columns}
    assert "<code>field.amount</code>" in mika.get("/desk/views/new").text
    path = mika.post("/desk/views", data=form).location
    assert path is not None
    page = mika.get(path).text
    for cell in ("Order</td>", "12.5</td>", "&lt;A-1&gt;</td>", "Amount</th>"):
        assert cell in page
    with statements() as asked:
        mika.get(path)
    assert len(asked) <= 12


def test_what_can_be_filled_in_is_among_what_can_be_looked_for(
    mika: Visitor, typed: dict[str, int]
) -> None:
    for path in ("/desk/search", "/desk/views/new"):
        page = mika.get(path).text
        for example in ("field.amount&gt;=100", "field.bought&gt;7d", "field.insured:yes"):
            assert f"<code>{example}</code>" in page
            assert parse(html.unescape(example))


def test_a_column_that_is_none_is_refused(mika: Visitor, order: int) -> None:
    wrong = {"name": "Orders", "text": "", "column": ["field.nothing"]}
    answer = mika.post("/desk/views", data=wrong)
    assert answer.status_code == 422
    assert "There is no column “field.nothing”." in answer.text
    many = {"name": "All", "text": "", "column": ["status"] * 200}
    assert mika.post("/desk/views", data=many).status_code == 303


def test_a_retired_field_stays_in_the_views_that_show_it(
    mika: Visitor, people: Cast, typed: dict[str, int]
) -> None:
    fill(people, typed, amount="12.5")
    with transaction():
        wish = ViewWish("Amounts", "type:order", columns=["field.amount"])
        number = save_view(wish, by=people.mika).id
        field = session.get_one(TicketField, typed["amount"])
        filling.retire_field(field, back=False, by=people.ada)
    assert "12.5</td>" in mika.get(f"/desk/queue/{number}").text
    assert 'value="field.amount" checked' in mika.get(f"/desk/views/{number}").text
    assert "field.amount" not in mika.get("/desk/views/new").text


def test_the_queue_is_narrowed_to_a_type_by_its_form(
    mika: Visitor, people: Cast, order: int
) -> None:
    subject = people.ticket.subject
    with transaction():
        filling.set_type(people.ticket, session.get_one(TicketType, order), by=people.mika)
    assert "<option>Order</option>" in mika.get("/desk/queue/open").text
    assert subject in mika.get("/desk/queue/open?type=Order", follow_redirects=True).text
    assert subject not in mika.get("/desk/queue/open?type=none", follow_redirects=True).text
