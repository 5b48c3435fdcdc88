"""What follows from what.

Each reaction is told of its event after the change is kept, in a worker, in its own transaction,
at least once; it checks before it acts and only writes rows.
"""

from collections.abc import Mapping

from helpdesk.accounts.events import ProfileChanged
from helpdesk.churn import reactions as churn_reactions
from helpdesk.churn.events import ChurnFlagRaised
from helpdesk.core.journal import Event, Reaction
from helpdesk.customers import reactions as customer_reactions
from helpdesk.customers.events import CustomerLost, OrderRecorded, OrdersImported
from helpdesk.intake import reactions as intake_reactions
from helpdesk.mail.events import MailBounced
from helpdesk.portal import reactions as portal_reactions
from helpdesk.surveys import reactions as survey_reactions
from helpdesk.surveys.events import SurveyAnswered
from helpdesk.tickets import reactions as ticket_reactions
from helpdesk.tickets.events import (
    CustomerWrote,
    MessageScored,
    TicketFiled,
    TicketFollowedUp,
    TicketMovedToTeam,
    TicketReopened,
    TicketResolved,
)
from helpdesk.tickets.tone import ToneCorrected

REACTIONS: Mapping[type[Event], tuple[Reaction, ...]] = {
    ProfileChanged: (portal_reactions.rename_customer,),
    TicketFiled: (
        portal_reactions.acknowledge,
        ticket_reactions.score_new_message,
        churn_reactions.review_customer,
    ),
    TicketMovedToTeam: (ticket_reactions.give_out,),
    TicketFollowedUp: (ticket_reactions.give_out,),
    CustomerWrote: (ticket_reactions.score_new_message, intake_reactions.mail_assignee),
    MessageScored: (churn_reactions.review_customer,),
    ToneCorrected: (churn_reactions.review_customer,),
    TicketResolved: (survey_reactions.invite_customer, churn_reactions.review_customer),
    TicketReopened: (survey_reactions.withdraw_invitation, churn_reactions.review_customer),
    OrderRecorded: (churn_reactions.review_customer,),
    OrdersImported: (churn_reactions.review_buyers,),
    ChurnFlagRaised: (churn_reactions.begin_playbook,),
    CustomerLost: (churn_reactions.settle_flag,),
    MailBounced: (customer_reactions.note_bounce,),
    SurveyAnswered: (survey_reactions.score_comment, churn_reactions.review_customer),
}
