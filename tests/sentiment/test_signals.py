"""Phrases that may mean a customer wants to leave, or wants somebody higher up."""

import pytest

from helpdesk.sentiment import signals


@pytest.mark.parametrize(
    "text",
    [
        "Please cancel my account.",
        "We want to cancel our annual subscription.",
        "How do I cancel my account?",
        "Close our account at the end of the month, please.",
        "I would like to delete my account.",
        "We will end the contract in June.",
        "Hereby we terminate our contract.",
        "We will not renew our licence.",
        "We are switching to another provider.",
        "I'm moving to a competitor.",
        "We are looking for an alternative.",
        "We will take our business elsewhere.",
        "You just lost a customer.",
        "We are considering whether we want to continue working with you.",
        "If this is not fixed, we'll cancel the contract!",
        "I don't want to wait any longer, cancel my subscription.",
    ],
)
def test_wanting_to_leave_is_a_cancellation(text: str) -> None:
    assert "cancellation" in signals(text)


@pytest.mark.parametrize(
    "text",
    [
        "This is unacceptable.",
        "I want to make a complaint.",
        "Let me speak to your manager.",
        "Please put me through to a supervisor.",
        "Our lawyer will contact you.",
        "I will take legal action.",
        "I shall inform the ombudsman.",
        "Please escalate this.",
        "I will post this on social media and leave a bad review.",
    ],
)
def test_wanting_somebody_higher_up_is_an_escalation(text: str) -> None:
    assert "escalation" in signals(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Please cancel my order.",
        "Cancel the meeting on Friday.",
        "Please cancel the second line of my order.",
        "I do not want to cancel my account.",
        "We never said that we would cancel the contract.",
        "I have no complaints.",
        "I can't complain.",
        "Please switch the language to English.",
        "My account manager is Ben.",
        "We moved to another office.",
        "> cancel my account\n\nNo, that was somebody else.",
        'The button says "Cancel my account", is that right?',
        "How do I close a ticket?",
        "The contract ends in June.",
        "We went to court street 5.",
    ],
)
def test_everyday_requests_are_no_signal(text: str) -> None:
    assert signals(text) == frozenset()


def test_a_text_can_carry_both() -> None:
    text = "This is unacceptable. Cancel my account or let me talk to your boss."
    assert signals(text) == {"cancellation", "escalation"}
