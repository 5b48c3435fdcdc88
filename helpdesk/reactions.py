"""What follows from what.

Each reaction is told of its event after the change is kept, in a worker, in its own transaction,
at least once; it checks before it acts and only writes rows.
"""

from collections.abc import Mapping

from helpdesk.accounts.events import ProfileChanged
from helpdesk.churn import reactions as churn_reactions
from helpdesk.churn.events import ChurnFlagPlanned, ChurnFlagRaised
from helpdesk.core.journal import Event, Reaction
from helpdesk.customers import reactions as customer_reactions
from helpdesk.customers.events import (
    CustomerLost,
    CustomersMerged,
    MergeUndone,
    OrderRecorded,
    OrdersImported,
)
from helpdesk.intake import reactions as intake_reactions
from helpdesk.mail.events import MailBounced, MailParked
from helpdesk.notifications import reactions as told
from helpdesk.portal import reactions as portal_reactions
from helpdesk.rules.reactions import ask_rules
from helpdesk.surveys import reactions as survey_reactions
from helpdesk.surveys.events import SurveyAnswered
from helpdesk.tickets import reactions as ticket_reactions
from helpdesk.tickets.attention import AgentMentioned
from helpdesk.tickets.bulk.events import BulkEditFinished, BulkUndoFinished
from helpdesk.tickets.events import (
    AgentReplied,
    CustomerWrote,
    MessageScored,
    NoteAdded,
    PriorityChanged,
    ReplyCameBack,
    SlaBreached,
    SlaWarned,
    StatusChanged,
    TagsChanged,
    TicketAssigned,
    TicketFiled,
    TicketFollowedUp,
    TicketMovedToTeam,
    TicketReopened,
    TicketResolved,
)
from helpdesk.tickets.recall import ReplyTakenBack
from helpdesk.tickets.tone import ToneCorrected
from helpdesk.tickets.unions import (
    TicketGaveBack,
    TicketMerged,
    TicketSplit,
    TicketTookIn,
    TicketUnmerged,
)

# Rules are asked last, so that they see what the others did; `give_out` comes after them, because
# they may have another team or somebody in mind.
REACTIONS: Mapping[type[Event], tuple[Reaction, ...]] = {
    ProfileChanged: (portal_reactions.rename_customer,),
    TicketFiled: (
        portal_reactions.acknowledge,
        ticket_reactions.score_new_message,
        churn_reactions.review_customer,
        ask_rules,
    ),
    TicketMovedToTeam: (told.tell_watchers, ask_rules, ticket_reactions.give_out),
    TicketFollowedUp: (told.tell_watchers, ticket_reactions.give_out),
    TicketMerged: (told.tell_watchers,),
    TicketTookIn: (told.tell_watchers,),
    TicketUnmerged: (told.tell_watchers,),
    TicketGaveBack: (told.tell_watchers, survey_reactions.invite_customer),
    TicketSplit: (told.tell_watchers,),
    TicketAssigned: (told.tell_assignee, told.tell_watchers, ask_rules),
    StatusChanged: (told.tell_watchers, ask_rules),
    PriorityChanged: (told.tell_watchers, ask_rules),
    TagsChanged: (ask_rules,),
    AgentReplied: (told.tell_watchers, ask_rules),
    NoteAdded: (told.tell_watchers,),
    AgentMentioned: (told.tell_mentioned,),
    BulkEditFinished: (told.tell_of_bulk_edit,),
    BulkUndoFinished: (told.tell_of_bulk_edit,),
    ReplyCameBack: (told.tell_writer,),
    ChurnFlagPlanned: (told.tell_flag_owner,),
    MailParked: (told.tell_writer,),
    SlaWarned: (told.tell_of_promise, ask_rules),
    SlaBreached: (told.tell_of_promise, ask_rules),
    CustomerWrote: (
        ticket_reactions.score_new_message,
        intake_reactions.mail_assignee,
        told.tell_owner,
        told.tell_watchers,
        ask_rules,
    ),
    MessageScored: (churn_reactions.review_customer, ask_rules),
    ToneCorrected: (churn_reactions.review_customer,),
    TicketResolved: (
        survey_reactions.invite_customer,
        told.tell_watchers,
        churn_reactions.review_customer,
        ask_rules,
    ),
    ReplyTakenBack: (survey_reactions.withdraw_invitation, told.forget_reply),
    TicketReopened: (
        survey_reactions.withdraw_invitation,
        churn_reactions.review_customer,
        told.tell_watchers,
        ask_rules,
    ),
    OrderRecorded: (churn_reactions.review_customer,),
    OrdersImported: (churn_reactions.review_buyers,),
    CustomersMerged: (ticket_reactions.find_by_new_names, churn_reactions.review_both),
    MergeUndone: (ticket_reactions.find_by_new_names, churn_reactions.review_both),
    ChurnFlagRaised: (churn_reactions.begin_playbook, ask_rules),
    CustomerLost: (churn_reactions.settle_flag,),
    MailBounced: (customer_reactions.note_bounce, told.tell_writer),
    SurveyAnswered: (
        survey_reactions.score_comment,
        churn_reactions.review_customer,
        ask_rules,
    ),
}
