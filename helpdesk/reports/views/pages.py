"""Doors."""

from collections.abc import Iterable
from tempfile import SpooledTemporaryFile

from flask import Response, request, url_for
from werkzeug.wsgi import FileWrapper

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.errors import Forbidden
from helpdesk.reports.access import Reader
from helpdesk.reports.counting import tally
from helpdesk.reports.dimensions import DIMENSIONS, FILTERS
from helpdesk.reports.frame import Frame, title_of
from helpdesk.reports.keeping import built
from helpdesk.reports.listing import headings_of, lines, listing
from helpdesk.reports.measures import measure_called
from helpdesk.reports.pages import PAGES, Page
from helpdesk.reports.paper import CELLS
from helpdesk.reports.periods import PeriodKind
from helpdesk.reports.question import Question
from helpdesk.reports.selection import selection_from
from helpdesk.reports.spreadsheet import MEDIA_TYPE, Cell, sheet
from helpdesk.reports.views.blueprint import bp
from helpdesk.ui import show

_NAMES = ",".join(PAGES)
HELD_IN_MEMORY = 1024 * 1024
"""Bytes of a spreadsheet; a longer one is written to disk."""


@bp.get("/reports")
@staff_only
def overview() -> Response:
    """What changed, whether it is real, and where to look."""
    return _report(PAGES["overview"], url_for("reports.overview"))


@bp.get(f"/reports/<any({_NAMES}):name>")
@staff_only
def page(name: str) -> Response:
    """One of the reports."""
    return _report(PAGES[name], url_for("reports.page", name=name))


@bp.get("/reports.csv", defaults={"name": "overview"})
@bp.get(f"/reports/<any({_NAMES}):name>.csv")
@staff_only
def spreadsheet(name: str) -> Response:
    """Its figures, one a line."""
    return _figures(PAGES[name])


@bp.get("/reports/tickets")
@staff_only
def behind() -> Response:
    """The very rows that a number counts."""
    if request.args.get("format") == "csv":
        return _rows()
    measure, question = measure_called(request.args.get("of", "")), _asked(DIMENSIONS)
    counts = tally(question.reader, measure, question.selection, [question.selection.period])
    address = url_for("reports.behind")
    return show(
        "reports/behind.html",
        listing=listing(question, measure, request.args.get("page")),
        frame=Frame(question, address, "", measure.is_company_wide, measure.name),
        title=title_of(measure, counts[0,]),
    )


@bp.get("/reports/tickets.csv")
@staff_only
def behind_as_spreadsheet() -> Response:
    """The same as a spreadsheet, all of it."""
    return _rows()


def _report(page: Page, address: str) -> Response:
    if request.args.get("format") == "csv":
        return _figures(page)
    question = _asked_of(page)
    return show(
        "reports/report.html",
        report=built(page, question),
        frame=Frame(question, address, page.name, page.company_wide),
    )


def _figures(page: Page) -> Response:
    question = _asked_of(page)
    return _sheet(page.name, question, CELLS, built(page, question).cells())


def _rows() -> Response:
    measure, question = measure_called(request.args.get("of", "")), _asked(DIMENSIONS)
    return _sheet(measure.name, question, headings_of(question, measure), lines(question, measure))


def _asked_of(page: Page) -> Question:
    question = _asked(FILTERS, page.usual)
    if page.company_wide and not question.reader.is_manager:
        raise Forbidden("These figures are for managers.")
    question.reader.check(question.selection)
    return question


def _asked(dimensions: Iterable[str], usual: PeriodKind = PeriodKind.DAYS) -> Question:
    return Question(Reader(me()), selection_from(request.args, dimensions, usual))


def _sheet(
    name: str, question: Question, header: tuple[str, ...], cells: Iterable[tuple[Cell, ...]]
) -> Response:
    """Written to a file first, line by line, and sent from there: what a reader may see is only
    known within the request, and no slow line keeps its transaction open."""
    file = SpooledTemporaryFile(max_size=HELD_IN_MEMORY)  # noqa: SIM115 - closed once it was sent
    for line in sheet(header, cells):
        file.write(line)  # one by one: only then does it look whether it grew too large
    size = file.tell()
    file.seek(0)
    answer = Response(FileWrapper(file), content_type=MEDIA_TYPE, direct_passthrough=True)
    answer.call_on_close(file.close)
    answer.content_length = size
    period = question.selection.period
    filename = f"{name}-{period.first}-to-{period.last}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer
