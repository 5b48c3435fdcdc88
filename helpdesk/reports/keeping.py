"""Reports that were built are shown again while nobody writes."""

from helpdesk.accounts.models import Account
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.core.unchanged import while_unchanged
from helpdesk.reports.access import Reader
from helpdesk.reports.pages import PAGES, Page
from helpdesk.reports.paper import Report
from helpdesk.reports.question import Question
from helpdesk.reports.selection import Selection

MOST = 32
"""Reports that a process keeps; a long one is a few hundred kilobytes."""


def built(page: Page, question: Question) -> Report:
    """The report that answers a question; of this minute, because what is due passes."""
    minute = int(now().timestamp()) // 60
    return _kept(page.name, question.reader.account.id, question.selection, minute)


def _build(name: str, account_id: int, selection: Selection, _minute: int) -> Report:
    reader = Reader(session.get_one(Account, account_id))
    return PAGES[name].build(Question(reader, selection))


_kept = while_unchanged(_build, most=MOST)
