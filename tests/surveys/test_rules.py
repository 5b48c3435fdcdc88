"""Which question follows which resolution, when, and by whom it is chosen."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.surveys import actions, designs, policies, rules, timing
from helpdesk.surveys.designs import Design
from helpdesk.surveys.jobs import send_due
from helpdesk.surveys.models import Invitation, Kind, Scale, State, Survey, SurveyPolicy
from helpdesk.surveys.questions import survey_titled
from helpdesk.surveys.reasons import Reason
from helpdesk.tickets import actions as tickets
from tests.cast import Cast
from tests.conftest import Clock
from tests.letters import events
from tests.surveys.stage import asked, decide, file_ticket, help_with, invitation, mails, resolved
from tests.visitor import Visitor


def rule(people: Cast, **wanted: Any) -> None:
    with transaction():
        rules.set_rule(None, {"name": "A rule", **wanted}, by=people.nora)


def free_question(title: str = "One more thing", scale: Scale = Scale.NUMBERS) -> Design:
    texts = {
        "question": "Anything?",
        "comment_label": "Say",
        "low_label": "No",
        "high_label": "Yes",
    }
    return Design(title, Kind.FREE, scale, "1-5", {"en": texts})


def policy(**changes: Any) -> None:
    with transaction():
        held = policies.policy(to_change=True)
        for name, value in changes.items():
            setattr(held, name, value)


def test_without_a_rule_everybody_is_asked_the_question_of_the_house(people: Cast) -> None:
    assert invitation(resolved(people)).survey.title == "After a request"


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({"tag": "refund"}, True),
        ({"tag": "other"}, False),
        ({"first_contact": True}, True),
    ],
)
def test_a_rule_fits_by_what_the_ticket_is(
    wanted: dict[str, Any], fits: bool, people: Cast
) -> None:
    rule(people, title="How easy it was", **wanted)
    with transaction():
        tickets.set_tags(people.ticket, ["refund"], by=None)
    made = invitation(resolved(people))
    assert (made.kind is Kind.CES) == fits
    assert (made.reason is Reason.NO_RULE) != fits


def test_a_rule_fits_by_team_and_organization(people: Cast) -> None:
    rule(people, title="How easy it was", team_id=people.technical.id)
    rule(people, title="After a request", organization_id=people.harbor.id)
    made = invitation(resolved(people))
    assert made.survey.title == "After a request"
    with transaction():
        ticket = file_ticket(people.sam)
        tickets.move_to_team(ticket, people.technical, by=None)
        help_with(ticket, people.mika)
        assert decide(ticket).kind is Kind.CES


def test_the_first_rule_that_fits_decides_and_one_ticket_gives_one_question(people: Cast) -> None:
    for title in ("How easy it was", "After a request", None):
        rule(people, title=title)
    made = invitation(resolved(people))
    assert made.kind is Kind.CES
    assert session.query(Invitation).count() == 1


def test_a_rule_may_say_that_nobody_is_asked(people: Cast) -> None:
    rule(people, title=None)
    made = invitation(resolved(people))
    assert (made.state, made.reason) == (State.SUPPRESSED, Reason.NO_RULE)


def test_only_the_first_contact_where_the_rule_says_so(people: Cast) -> None:
    rule(people, title="After a request", first_contact=True)
    with transaction():
        later = file_ticket(people.rosa)
        help_with(later, people.mika)
        assert decide(later).reason is Reason.NO_RULE


def test_a_rule_that_is_off_decides_nothing_and_order_can_be_changed(people: Cast) -> None:
    rule(people, title=None)
    rule(people, title="How easy it was")
    with transaction():
        _, second = rules.all_rules()
        rules.move_up(second, by=people.nora)
    assert [each.title for each in rules.all_rules()] == ["How easy it was", None]
    with transaction():
        rules.switch(rules.all_rules()[0], False, by=people.nora)
    assert invitation(resolved(people)).reason is Reason.NO_RULE


def test_hours_are_counted_where_the_customer_works(people: Cast, clock: Clock) -> None:
    rule(people, title="After a request", delay_hours=12, business_hours=True)
    with transaction():
        people.rosa.time_zone = "America/New_York"
    made = invitation(resolved(people))  # Monday 9:00 UTC, 4:00 there: hours begin at 13:00 UTC
    assert made.send_at == datetime(2026, 3, 3, 15, tzinfo=UTC)  # ten hours, and two on Tuesday


@pytest.mark.parametrize(
    ("zone", "moment", "sent"),
    [
        ("UTC", "2026-03-06T17", "2026-03-09T08"),  # Friday and a day is Saturday
        ("UTC", "2026-03-02T20", "2026-03-04T08"),
        ("Asia/Tokyo", "2026-03-02T09", "2026-03-03T23"),  # 18:00 there: closed
        ("America/Los_Angeles", "2026-03-06T20", "2026-03-09T15"),  # clocks change on Sunday
        ("Mars/Olympus", "2026-03-02T09", "2026-03-03T09"),
    ],
)
def test_nobody_is_asked_at_night_or_on_a_weekend(
    zone: str, moment: str, sent: str, people: Cast, clock: Clock
) -> None:
    clock.set(datetime.fromisoformat(f"{moment}:00+00:00"))
    with transaction():
        people.rosa.time_zone = zone
    assert invitation(resolved(people)).send_at == datetime.fromisoformat(f"{sent}:00+00:00")


def test_one_that_comes_late_waits_for_the_next_morning(people: Cast, clock: Clock) -> None:
    number = resolved(people)
    clock.move(days=1, hours=10)  # the worker was away until 19:00
    send_due()
    assert invitation(number).state is State.WAITING
    assert invitation(number).send_at == datetime(2026, 3, 4, 8, tzinfo=UTC)
    clock.set(datetime(2026, 3, 4, 8, tzinfo=UTC))
    send_due()
    assert invitation(number).state is State.SENT


def test_a_short_delay_is_meant_at_any_hour(people: Cast, clock: Clock) -> None:
    clock.set(datetime(2026, 3, 7, 23, tzinfo=UTC))
    rule(people, title="After a request", delay_hours=0)
    number = resolved(people)
    clock.move(seconds=1)
    send_due()
    assert invitation(number).state is State.SENT


def test_a_held_out_customer_is_never_asked_and_the_same_ones_stay(people: Cast) -> None:
    held = SurveyPolicy(holdout_percent=30)
    out = {number for number in range(2000) if policies.is_held_out(number, held)}
    assert 500 < len(out) < 700
    more = SurveyPolicy(holdout_percent=40)
    assert out < {number for number in range(2000) if policies.is_held_out(number, more)}
    policy(holdout_percent=100)
    assert invitation(resolved(people)).reason is Reason.HOLDOUT


def test_a_budget_may_allow_more_than_one(people: Cast, clock: Clock) -> None:
    policy(person_most=2, organization_most=3, person_days=10, organization_days=10)
    for expected in (State.SENT, State.SENT, State.SUPPRESSED):
        with transaction():
            ticket = file_ticket(people.rosa)
            help_with(ticket, people.mika)
            number = decide(ticket).id
        clock.move(days=1, minutes=1)
        send_due()
        assert invitation(number).state is expected


def test_without_a_window_nothing_that_was_sent_counts(people: Cast, clock: Clock) -> None:
    policy(person_days=0, organization_days=0)
    with transaction():
        for customer in (people.rosa, people.rosa, people.carl):
            ticket = file_ticket(customer)
            help_with(ticket, people.mika)
            decide(ticket)
    clock.move(days=1, minutes=1)
    send_due()
    assert len(mails()) == 3


def test_while_warming_up_only_so_many_go_out_a_day(people: Cast, clock: Clock) -> None:
    policy(warm_up_from=1, warm_up_growth=100, warm_up_since=now().date(), organization_most=9)
    with transaction():
        for customer in (people.rosa, people.carl, people.sam):
            ticket = file_ticket(customer)
            help_with(ticket, people.mika)
            decide(ticket)
    policy(warm_up_since=(now() + timedelta(days=1)).date())
    sent = []
    for _day in range(3):
        clock.move(days=1, minutes=1)
        send_due()
        sent.append(len(mails()))
    assert sent == [1, 3, 3]


def test_the_cap_grows_each_day_and_never_overflows() -> None:
    held = SurveyPolicy(warm_up_from=100, warm_up_growth=50, warm_up_since=now().date())
    today = now().date()
    assert [policies.daily_cap(held, today + timedelta(days=n)) for n in (0, 1, 2)] == [
        100,
        150,
        225,
    ]
    assert policies.daily_cap(held, today + timedelta(days=3000)) == 10**9
    assert policies.daily_cap(SurveyPolicy(), today) is None


def test_asking_by_hand_passes_nothing_over(people: Cast, clock: Clock, client: Visitor) -> None:
    client.sign_in(people.nora)
    form = {"title": "How easy it was", "ticket": str(people.ticket.id)}
    assert client.post("/desk/surveys/invitations", data=form).status_code == 303
    session.rollback()
    made = session.query(Invitation).one()
    assert (made.asked_by_id, made.reason) == (people.nora.id, Reason.NO_HUMAN_REPLY)
    customer = {"title": "About us", "customer": str(people.sam.id)}
    client.post("/desk/surveys/invitations", data=customer)
    send_due()
    assert [mail.to_address for mail in mails()] == ["sam@stone.example"]
    again = client.post("/desk/surveys/invitations", data=customer)
    session.rollback()
    assert again.status_code == 303
    assert session.query(Invitation).order_by(Invitation.id.desc()).first().reason is (  # type: ignore[union-attr]  # there are three
        Reason.PERSON_BUDGET
    )


def test_nobody_is_asked_by_hand_while_a_question_waits(people: Cast, clock: Clock) -> None:
    resolved(people)
    with transaction(), pytest.raises(Conflict):
        survey = survey_titled("About us")
        assert survey is not None
        actions.ask_by_hand(survey, people.rosa, None, by=people.nora)


def test_the_page_says_for_any_ticket_and_customer_what_was_decided(
    people: Cast, clock: Clock, client: Visitor
) -> None:
    with transaction():
        people.rosa.survey_paused_until = now() + timedelta(days=9)
    resolved(people)
    client.sign_in(people.nora)
    for who in (f"#{people.ticket.id}", str(people.ticket.id), "Rosa@harbor.example"):
        page = client.get("/desk/surveys", query_string={"who": who}).text
        assert "Not asked, because they asked for a pause." in page
    assert (
        "because" not in client.get("/desk/surveys?who=nobody@x.example").text.split("moments")[0]
    )


def test_a_new_version_leaves_old_answers_their_question(people: Cast, clock: Clock) -> None:
    first = asked(people, clock)
    before = invitation(first).survey
    texts = {name: getattr(before, name) for name in designs.TEXTS}
    changed = Design(
        before.title, Kind.CSAT, Scale.STARS, "1-5", {"en": {**texts, "question": "New?"}}
    )
    with transaction():
        made = designs.design(changed, by=people.nora)
        assert (made.version, made.title) == (2, "After a request")
        assert designs.design(changed, by=people.nora) is made  # unchanged: no third one
    assert invitation(first).survey.question.startswith("How was our help")
    assert len(events("SurveyDesigned")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        Design("", Kind.FREE, Scale.NUMBERS, "1-5", free_question().texts),
        Design("X", Kind.NPS, Scale.NUMBERS, "1-5", free_question().texts),
        Design("X", Kind.CSAT, Scale.NUMBERS, "0-10", free_question().texts),
        Design("X", Kind.FREE, Scale.STARS, "0-10", free_question().texts),
        Design("X", Kind.CSAT, Scale.WORDS, "1-5", free_question().texts),
        Design("X", Kind.FREE, Scale.NUMBERS, "1-5", {"de": free_question().texts["en"]}),
        Design("X", Kind.FREE, Scale.NUMBERS, "1-5", {"en": {"question": "x" * 301}}),
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: Design, people: Cast) -> None:
    with transaction(), pytest.raises(Invalid):
        designs.design(wrong, by=people.nora)


def test_a_question_of_our_own_is_designed_previewed_and_shelved_by_pages(
    people: Cast, client: Visitor
) -> None:
    client.sign_in(people.nora)
    form = {
        "title": "One more thing",
        "kind": "free",
        "scale": "faces",
        "span": "1-5",
        "en-question": "Did {company} <b>listen</b>?",
        "en-comment_label": "Say more",
        "en-low_label": "No",
        "en-high_label": "Yes",
        "ar-question": "هل استمعنا إليك؟",
    }
    made = client.post("/desk/surveys/questions", data=form)
    assert made.status_code == 303
    path = made.location
    assert "One more thing" in client.get("/desk/surveys/questions").text
    page = client.get(f"{path}/page?lang=ar").text
    assert 'dir="rtl"' in page
    assert "هل استمعنا إليك؟" in page
    mail = client.get(f"{path}/mail").text
    assert "&lt;b&gt;listen&lt;/b&gt;" in mail
    assert session.query(Invitation).count() == 0
    client.post(f"{path}/shelving")
    session.rollback()
    assert session.query(Survey).filter_by(title="One more thing").one().active is False


def test_the_policy_is_set_by_a_page_and_journaled(people: Cast, client: Visitor) -> None:
    client.sign_in(people.nora)
    form = {
        "person_most": "1",
        "person_days": "30",
        "organization_most": "5",
        "organization_days": "",
        "holdout_percent": "5",
        "reminder_days": "7",
        "send_from": "09:00",
        "send_until": "17:30",
        "warm_up_from": "",
        "warm_up_growth": "50",
        "colour": "#8a1c4a",
    }
    assert client.post("/desk/surveys/policy", data=form).status_code == 303
    session.rollback()
    held = policies.policy()
    assert (held.person_days, held.send_until, held.colour) == (30, 1050, "#8a1c4a")
    (entry,) = events("SurveyPolicyChanged")
    assert entry.data["after"]["holdout_percent"] == 5
    assert "#8a1c4a" in client.get("/brand/colours.css").text
    pale = client.post("/desk/surveys/policy", data={**form, "colour": "#ffff00"})
    assert pale.status_code == 422
    assert "contrast" in pale.text


def test_hours_of_nobody_are_never_open() -> None:
    hours = timing._hours("UTC", 600, 600, False)
    assert timing.next_open(hours, now()) <= now()
