"""When somebody wants to be asked."""

from datetime import timedelta
from enum import StrEnum

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.journal import record
from helpdesk.customers.actions import set_survey_preference
from helpdesk.customers.models import Customer, SurveyPreference
from helpdesk.surveys.events import SurveyPauseChanged

PAUSE = timedelta(days=91)


class Wish(StrEnum):
    """Each with the words in which it is offered."""

    ALL = "all"
    PROBLEMS = "problems"
    PAUSE = "pause"
    NONE = "none"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Wish.ALL: "After you were helped, now and then",
    Wish.PROBLEMS: "Only if something went wrong",
    Wish.PAUSE: "Not for three months",
    Wish.NONE: "Never",
}


def wish_of(customer: Customer) -> Wish:
    """What holds for them at present."""
    if customer.survey_preference is SurveyPreference.NONE:
        return Wish.NONE
    if customer.survey_paused_until is not None and now() < customer.survey_paused_until:
        return Wish.PAUSE
    return Wish(customer.survey_preference.value)


def choose(customer: Customer, wish: Wish, *, by: Account | None = None) -> None:
    """Ask them as they wish from now on. A pause keeps what they wished before for afterwards.
    Twice is harmless."""
    before = wish_of(customer)
    if before is wish:
        return
    if wish is Wish.PAUSE:
        unsubscribed = customer.survey_preference is SurveyPreference.NONE
        afterwards = SurveyPreference.ALL if unsubscribed else customer.survey_preference
        set_survey_preference(customer, afterwards, pause=PAUSE, by=by, source="survey")
    else:
        set_survey_preference(customer, SurveyPreference(wish.value), by=by, source="survey")
    if Wish.PAUSE in (before, wish):
        record(SurveyPauseChanged(customer.id, customer.survey_paused_until), by=by)
