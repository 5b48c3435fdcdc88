"""A number in answer to a survey's mail."""

from collections.abc import Iterator

from helpdesk.intake.letters import Letter
from helpdesk.intake.models import InboundEmail, Outcome
from helpdesk.intake.senders import Sender
from helpdesk.mail.identity import is_reply_key, tag_in, topic_of
from helpdesk.mail.parsing import Mail
from helpdesk.surveys.replies import answer_by_mail

MOST = 10
"""Signs of ours that are looked at in one mail."""


def take_answer(email: InboundEmail, letter: Letter, sender: Sender) -> tuple[Outcome, str] | None:
    """Count a mail that says a score to a survey of ours; None where it is a mail like others, or
    where our mail server found out that it is not from whom it says."""
    if sender.authentic is False:
        return None
    for topic in list(dict.fromkeys(_topics(email, letter.mail, sender.address)))[:MOST]:
        response = answer_by_mail(topic, sender.address, letter.text)
        if response is not None:
            email.ticket_id = response.ticket_id
            return Outcome.REPLY, f"It answers a survey with {response.score}."
    return None


def _topics(email: InboundEmail, mail: Mail, sender: str) -> Iterator[str]:
    """What the mail answers, by a reply address that was made for its sender, or by an id that we
    made."""
    addresses = [*email.sent_to, *mail.delivered_to]
    for address in [*addresses, *(box.address for box in (*mail.to, *mail.cc))]:
        tag = tag_in(address)
        if tag is not None and is_reply_key(tag[1], tag[0], sender):
            yield tag[0]
    for id_ in (*mail.in_reply_to, *reversed(mail.references)):
        if topic := topic_of(id_):
            yield topic
