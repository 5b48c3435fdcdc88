"""Where the pages of reports hang."""

from flask import Blueprint, request
from werkzeug.datastructures import MultiDict

from helpdesk.accounts.sessions import me
from helpdesk.reports.access import Reader
from helpdesk.reports.frame import Frame
from helpdesk.reports.question import Question
from helpdesk.reports.selection import selection_from

bp = Blueprint("reports", __name__, template_folder="../templates")


def frame_of(current: str) -> Frame:
    """What stands around a page that shows no figures."""
    question = Question(Reader(me()), selection_from(MultiDict[str, str]()))
    return Frame(question, request.path, current, company_wide=True)
