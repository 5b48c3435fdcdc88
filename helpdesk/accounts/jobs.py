"""What is written down about accounts outside of a request."""

from helpdesk.accounts.events import SignInRefused
from helpdesk.accounts.queries import account_at
from helpdesk.core.db import transaction
from helpdesk.core.jobs import job
from helpdesk.core.journal import record


@job(queue="slow")
def note_refused_sign_in(email: str, network: str) -> None:
    """Somebody typed a wrong password for `email`. Looked up here and not in the request, so that
    no clock tells a stranger who has an account."""
    with transaction():
        if (account := account_at(email)) is not None:
            record(SignInRefused(account.id, network))
