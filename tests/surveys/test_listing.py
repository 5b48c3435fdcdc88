"""Managers read who was asked and who was not, as far as they may see the tickets."""

import pytest

from helpdesk.core.db import transaction
from helpdesk.customers.models import SurveyPreference
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import answered, asked, invited_to_nps, resolved
from tests.surveys.test_budget import resolved_for
from tests.visitor import Visitor

PATH = "/desk/surveys"


def test_each_decision_is_listed_with_its_reason(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    answered(asked(people, clock), 4)
    with transaction():
        people.sam.survey_preference = SurveyPreference.NONE
    resolved_for(people.sam, people)
    page = client.sign_in(people.nora).get(PATH).text
    assert "Asked on 3 Mar, answered 4 of 5." in page
    assert "Not asked, because they do not want to be asked." in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=suppressed", ["Sam Stone"]),
        ("state=waiting", ["Rosa Lindt"]),
        ("state=suppressed&reason=unsubscribed", ["Sam Stone"]),
        ("state=suppressed&reason=bounced", []),
        ("state=sent", []),
        ("state=nonsense&reason=nonsense&customer=x", ["Rosa Lindt", "Sam Stone"]),
    ],
)
def test_the_list_can_be_narrowed(
    query: str, shown: list[str], people: Cast, client: Visitor
) -> None:
    resolved(people)
    with transaction():
        people.sam.survey_preference = SurveyPreference.NONE
    resolved_for(people.sam, people)
    page = client.sign_in(people.nora).get(f"{PATH}?{query}").text
    assert [name for name in ("Rosa Lindt", "Sam Stone") if name in page] == shown


def test_one_customer_or_one_ticket_can_be_looked_up(people: Cast, client: Visitor) -> None:
    resolved(people)
    resolved_for(people.sam, people)
    client.sign_in(people.nora)
    assert "Rosa Lindt" not in client.get(f"{PATH}?customer={people.sam.id}").text
    assert "Sam Stone" not in client.get(f"{PATH}?ticket={people.ids['ticket']}").text


def test_a_restricted_teams_ticket_does_not_exist_for_others(people: Cast, client: Visitor) -> None:
    with transaction():
        people.billing.restricted = True
    resolved(people)
    invited_to_nps(people.sam.id)
    nora = client.sign_in(people.nora).get(PATH).text
    assert "Charged twice" not in nora
    assert "Sam Stone" in nora
    assert "Charged twice" in client.sign_in(people.ada).get(PATH).text


@pytest.mark.parametrize("who", ["mika", "rosas_account"])
def test_nobody_else_may_read_it(who: str, people: Cast, client: Visitor) -> None:
    assert client.sign_in(getattr(people, who)).get(PATH).status_code == 403


def test_a_damaged_page_link_is_refused(people: Cast, client: Visitor) -> None:
    assert client.sign_in(people.nora).get(f"{PATH}?page=nonsense").status_code == 422


def test_a_long_list_is_paged(people: Cast, clock: Clock, client: Visitor) -> None:
    for _ in range(30):
        resolved_for(people.sam, people)
        clock.move(minutes=1)
    first = client.sign_in(people.nora).get(PATH).text
    assert first.count('class="moment"') == 25
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert client.get(older.replace("&amp;", "&")).text.count('class="moment"') == 5
