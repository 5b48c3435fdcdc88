"""The page of what customers are worth says what their orders say."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.customers import jobs
from helpdesk.customers.models import Order
from helpdesk.customers.value.standing import kept_summary
from helpdesk.customers.value.worth import buyer_of, summary
from tests.cast import Cast
from tests.conftest import Clock
from tests.visitor import Visitor


def order(customer_id: int, days_ago: float, amount: int, currency: str = "EUR") -> None:
    moment = now() - timedelta(days=days_ago)
    session.add(
        Order(
            customer_id=customer_id,
            reference=f"{days_ago}",
            ordered_at=moment,
            amount=Decimal(amount),
            currency=currency,
            recorded_at=moment,
        )
    )


def test_orders_of_one_day_count_once_and_the_first_day_is_no_repeat() -> None:
    def on(day: int, hour: int = 9) -> datetime:
        return datetime(2026, 1, day, hour, tzinfo=UTC)

    orders = [(on(1), Decimal(5)), (on(8), Decimal(10)), (on(8, 20), Decimal(20))]
    found = buyer_of([*orders, (on(15), Decimal(50))], on(29))
    assert (found.x, found.tx, found.t, found.mean) == (2, 2, 4, 40)


def test_who_bought_is_ranked_and_too_few_foretell_nothing(clock: Clock, people: Cast) -> None:
    with transaction():
        for days, amount in ((200, 10), (100, 20), (10, 30)):
            order(people.ids["rosa"], days, amount)
        order(people.ids["sam"], 150, 500)
        order(people.ids["sam"], 5, 9999, "USD")
    found = summary()
    assert found.currency == "EUR"
    assert found.repeat_rate == 0.5
    sam, rosa = found.customers
    assert (float(sam.spent), float(rosa.spent), rosa.purchases) == (500, 60, 3)
    assert rosa.recency > sam.recency
    assert rosa.expected is None


def test_with_enough_buyers_those_who_buy_more_promise_more(clock: Clock, people: Cast) -> None:
    from tests.churn.crowd import crowd

    crowd(now(), 60, share=0)
    with transaction():
        from helpdesk.customers.models import Customer

        for customer in session.query(Customer).filter(Customer.name.like("Customer %")):
            for number in range(1 + customer.id % 7):
                order(customer.id, 300 - 40 * number, 20 + customer.id % 5)
    found = summary()
    assert all(one.expected is not None and one.expected >= 0 for one in found.customers)
    best, worst = found.customers[0], found.customers[-1]
    assert best.purchases > worst.purchases


def test_retention_counts_only_who_was_there_a_year_ago(clock: Clock, people: Cast) -> None:
    with transaction():
        for name, since in (("rosa", 500), ("carl", 400), ("sam", 20)):
            customer = getattr(people, name)
            customer.customer_since = now().date() - timedelta(days=since)
        people.carl.lost_on = now().date() - timedelta(days=30)
    found = summary()
    assert (found.at_start, found.retention) == (2, 0.5)
    assert found.cohorts[0].month <= date(2026, 1, 1)


def test_where_everybody_left_a_contract_is_worth_a_year(clock: Clock, people: Cast) -> None:
    with transaction():
        people.harbor.contract_value = Decimal(1000)
        for name in ("rosa", "carl", "sam"):
            customer = getattr(people, name)
            customer.customer_since = now().date() - timedelta(days=500)
            customer.lost_on = now().date() - timedelta(days=30)
    found = summary()
    assert (found.retention, found.contracts) == (0.0, 1000)


def test_with_nothing_the_page_says_so(people: Cast, client: Visitor) -> None:
    assert "Being worked out" in client.sign_in(people.nora).get("/desk/customers/value").text
    jobs.work_out_worth()
    kept = kept_summary()
    assert kept is not None
    assert kept[0] == summary()
    page = client.sign_in(people.nora).get("/desk/customers/value").text
    assert "Nobody bought yet" in page
    assert client.sign_in(people.mika).get("/desk/customers/value").status_code == 403
