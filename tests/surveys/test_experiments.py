"""Two ways to ask, drawn by a hash, read when the stated number is reached and no sooner."""

from collections import Counter
from datetime import timedelta

import pytest

from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.surveys import designs, experiments
from helpdesk.surveys.designs import Design
from helpdesk.surveys.experiments import draw
from helpdesk.surveys.jobs import send_due, stop_experiments
from helpdesk.surveys.models import Experiment, Invitation, Kind, Scale, Split, State
from helpdesk.surveys.questions import survey_titled
from helpdesk.surveys.trials import ArmCount, read, split_evenness
from tests.cast import Cast
from tests.conftest import Clock
from tests.surveys.stage import answered, invitation, link, mails, resolved
from tests.surveys.test_budget import resolved_for
from tests.visitor import Visitor

TITLE = "After a request"


def begin(people: Cast, split: Split, values: tuple[str, str], stop_after: int = 400) -> int:
    with transaction():
        made = experiments.start("Try", TITLE, split, values, stop_after, by=people.nora)
        return made.id


def test_the_draw_is_even_repeatable_and_different_for_each_seed() -> None:
    once = [draw("one", number, 2) for number in range(4000)]
    assert once == [draw("one", number, 2) for number in range(4000)]
    assert 1850 < Counter(once)[0] < 2150
    same = sum(a == draw("two", number, 2) for number, a in enumerate(once))
    assert 1850 < same < 2150


def test_a_customer_keeps_their_way(people: Cast, clock: Clock) -> None:
    number = begin(people, Split.DELAY, ("2", "48"))
    made = invitation(resolved(people))
    arm = experiments.arm_of(session.get_one(Experiment, number), people.rosa.id)
    assert (made.arm, made.experiment_id) == (arm.name, number)
    assert arm.delay is not None
    assert made.resolved_at is not None
    assert made.send_at == made.resolved_at + arm.delay
    assert invitation(resolved_for(people.rosa, people)).arm == arm.name


def test_wordings_and_scales_are_versions_of_one_question(people: Cast, clock: Clock) -> None:
    with transaction():
        old = survey_titled(TITLE)
        assert old is not None
        texts = {name: getattr(old, name) for name in designs.TEXTS}
        new = designs.design(
            Design(TITLE, Kind.CSAT, Scale.STARS, "1-5", {"en": texts}), by=people.nora
        )
        ids = str(old.id), str(new.id)
    begin(people, Split.SCALE, ids)
    made = invitation(resolved(people))
    assert str(made.survey_id) == dict(zip("AB", ids, strict=True))[made.arm or ""]


def test_a_question_in_the_portal_alone_is_not_mailed(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    begin(people, Split.CHANNEL, ("portal", "mail"))
    with transaction():
        trial = session.query(Experiment).one()
        trial.arms = [{"name": name, "value": "portal"} for name in "AB"]
    number = resolved(people)
    clock.move(days=1, minutes=1)
    send_due()
    assert mails() == []
    assert invitation(number).state is State.SENT
    client.sign_in(people.rosas_account)
    page = client.get("/my/surveys").text
    assert "How was our help" in page
    assert link(number) in page
    client.post(link(number, "/response"), data={"score": "4"}, csrf=False)
    session.rollback()
    assert invitation(number).state is State.ANSWERED


@pytest.mark.parametrize(
    ("split", "values"),
    [
        (Split.DELAY, ("4", "4")),
        (Split.DELAY, ("4", "-1")),
        (Split.DELAY, ("4", "inf")),
        (Split.DELAY, ("4", "nan")),
        (Split.DELAY, ("4", "1e9")),
        (Split.WORDING, ("4", "soon")),
        (Split.WORDING, ("77777", "88888")),
        (Split.CHANNEL, ("mail", "pigeon")),
    ],
)
def test_what_cannot_be_compared_is_refused(
    split: Split, values: tuple[str, str], people: Cast
) -> None:
    with pytest.raises(Invalid):
        begin(people, split, values)


def test_one_question_has_one_experiment_at_a_time(people: Cast) -> None:
    number = begin(people, Split.DELAY, ("4", "24"))
    with pytest.raises(Conflict):
        begin(people, Split.DELAY, ("5", "25"))
    with transaction():
        experiments.stop(session.get_one(Experiment, number), "enough", by=people.nora)
    assert begin(people, Split.DELAY, ("5", "25")) != number
    assert invitation(resolved(people)).experiment_id != number


def test_it_ends_by_its_rule_and_shows_nothing_before(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    number = begin(people, Split.DELAY, ("0", "0.5"), stop_after=1)
    asked = [resolved_for(customer, people) for customer in (people.rosa, people.sam)]
    with transaction():
        for arm, each in zip("AB", asked, strict=True):
            session.get_one(Invitation, each).arm = arm
    client.sign_in(people.nora)
    stop_experiments()
    assert session.get_one(Experiment, number).stopped_at is None
    assert "Answered" not in client.get("/desk/surveys/experiments").text.split("<form")[0]
    clock.move(hours=1)
    send_due()
    answered(asked[0], 5)
    stop_experiments()
    session.rollback()
    over = session.get_one(Experiment, number)
    assert over.stopped_because == experiments.RULE
    page = client.get("/desk/surveys/experiments").text
    assert "over" in page
    assert "within chance" in page
    assert invitation(resolved_for(people.carl, people)).experiment_id is None


def test_a_difference_is_read_with_its_range() -> None:
    arms = [ArmCount("A", 400, 80, 60), ArmCount("B", 400, 140, 120)]
    found = read(arms, 400)
    assert found.rate is not None
    assert found.rate.difference == pytest.approx(15)
    assert found.rate.verdict == "real"
    assert 0 not in found.rate.interval
    early = read(arms, 401)
    assert (early.is_over, early.rate, early.satisfaction) == (False, None, None)


def test_nothing_is_concluded_from_a_split_that_was_not_the_one_meant() -> None:
    found = read([ArmCount("A", 700, 80, 60), ArmCount("B", 400, 140, 120)], 400)
    assert found.evenness < 0.001
    assert found.rate is None
    assert split_evenness(0, 0) == 1
    assert split_evenness(200, 200) == 1


def test_days_of_delay_are_within_reason(people: Cast) -> None:
    begin(people, Split.DELAY, ("0.5", "720"))
    made = invitation(resolved(people))
    assert made.resolved_at is not None
    assert made.send_at - made.resolved_at <= timedelta(days=33)
