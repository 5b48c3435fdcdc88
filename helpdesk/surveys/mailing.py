"""The mail that asks."""

from helpdesk.mail import outbound
from helpdesk.mail.models import OutboundEmail
from helpdesk.surveys.links import token_for, url
from helpdesk.surveys.models import Invitation
from helpdesk.surveys.questions import question_html, question_text


def write_question(invitation: Invitation) -> OutboundEmail:
    """Write the mail of this invitation down; it goes out at most once."""
    token = token_for(invitation)
    question = question_text(invitation)
    return outbound.write(
        kind="survey",
        to=invitation.email or "",
        to_name=invitation.customer.name,
        subject=question,
        template="surveys/mail/question",
        context={
            "invitation": invitation,
            "survey": invitation.survey,
            "question": question,
            "question_html": question_html(invitation),
            "answer_url": url("answer", token),
            "preferences_url": url("preferences", token),
        },
        headers=unsubscribing(token),
        at_most_once=True,
        secret=True,  # whoever has the link can answer
        automatic=True,
    )


def unsubscribing(token: str) -> dict[str, str]:
    """Headers with which a mail program unsubscribes in one press (RFC 2369, RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{url('unsubscribe_one_click', token)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
