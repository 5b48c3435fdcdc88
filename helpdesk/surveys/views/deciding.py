"""What a person decides about asking: by hand, and about mails of which nobody knows."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.customers.queries import customer_by_id
from helpdesk.mail import actions as mails
from helpdesk.mail.queries import mail_by_id
from helpdesk.surveys import actions, queries
from helpdesk.surveys.models import Invitation, State
from helpdesk.surveys.questions import survey_titled
from helpdesk.surveys.views import bp
from helpdesk.tickets.queries import ticket_for


@bp.post("/desk/surveys/invitations")
@managers_only
def invite() -> Response:
    """Ask by hand. Managers alone: an agent who chooses whom to ask chooses the score."""
    number = request.form.get("ticket", type=int)
    customer_id = request.form.get("customer", 0, type=int)
    survey = survey_titled(request.form.get("title", ""))
    if survey is None:
        raise Invalid("There is no such question.")
    ticket = ticket_for(me(), number, to_change=True) if number else None
    customer = ticket.customer if ticket else customer_by_id(customer_id)
    queries.lock_budget(customer.organization_id, customer.id)
    made = actions.ask_by_hand(survey, customer, ticket, by=me())
    if made.state is State.SUPPRESSED and made.reason:
        flash(f"They are not asked, because {made.reason.sentence}.", "warn")
    else:
        flash("The question goes out in their working hours.")
    if ticket:
        return redirect(url_for("surveys.invitations", ticket=ticket.id), 303)
    return redirect(url_for("surveys.invitations", customer=customer.id), 303)


@bp.post("/desk/surveys/invitations/<int:invitation_id>/sending")
@managers_only
def send_again(invitation_id: int) -> Response:
    """Nobody knows whether it arrived, and somebody decides that it goes once more."""
    invitation = _seen(invitation_id)
    mails.send_again(mail_by_id(invitation.email_id or 0, for_update=True), by=me())
    flash("The mail goes out once more, under the same Message-ID.")
    return redirect(url_for("surveys.invitations", state="in_doubt"), 303)


@bp.post("/desk/surveys/invitations/<int:invitation_id>/leaving")
@managers_only
def leave(invitation_id: int) -> Response:
    """It is left at that."""
    invitation = _seen(invitation_id)
    mails.leave(mail_by_id(invitation.email_id or 0, for_update=True), by=me())
    flash("It is left as it is.")
    return redirect(url_for("surveys.invitations", state="in_doubt"), 303)


def _seen(number: int) -> Invitation:
    found = queries.invitation_for(me(), number)
    if found is None:
        raise NotFound("There is no such invitation, or it is not yours to see.")
    return found
