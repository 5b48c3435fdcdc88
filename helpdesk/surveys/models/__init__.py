"""Questions, who was asked them and who was not, the answers, and what is done about them."""

from helpdesk.surveys.models.follow_up import Cause, FollowUp, Outcome, Trigger
from helpdesk.surveys.models.invitation import Channel, Credit, Invitation
from helpdesk.surveys.models.policy import Experiment, Split, SurveyPolicy, SurveyRule
from helpdesk.surveys.models.response import HIDDEN, ProvisionalClick, Response, ResponseRevision
from helpdesk.surveys.models.standing import ASKED, MAILED, UNSURE, State, standing_of
from helpdesk.surveys.models.survey import Kind, Scale, Survey, Wording

__all__ = [
    "ASKED",
    "HIDDEN",
    "MAILED",
    "UNSURE",
    "Cause",
    "Channel",
    "Credit",
    "Experiment",
    "FollowUp",
    "Invitation",
    "Kind",
    "Outcome",
    "ProvisionalClick",
    "Response",
    "ResponseRevision",
    "Scale",
    "Split",
    "State",
    "Survey",
    "SurveyPolicy",
    "SurveyRule",
    "Trigger",
    "Wording",
    "standing_of",
]
