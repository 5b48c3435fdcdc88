"""Taking records over from tables."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import managers_only, me
from helpdesk.core import files
from helpdesk.core.errors import Invalid
from helpdesk.customers import imports, queries, spreadsheet
from helpdesk.customers.forms import ImportForm
from helpdesk.customers.imports.undoing import undo
from helpdesk.customers.jobs import run_imports
from helpdesk.customers.models import Import
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/desk/customers/imports")
@managers_only
def import_list() -> Response:
    """Hand in a table; see what became of earlier ones."""
    return show(
        "customers/imports.html",
        form=ImportForm(),
        imports=queries.imports(),
        columns={name: kind.columns for name, kind in imports.KINDS.items()},
        required={name: kind.required for name, kind in imports.KINDS.items()},
    )


@bp.post("/desk/customers/imports")
@managers_only
def start_import() -> Response:
    """Store the file and wake the job that takes it over."""
    form = ImportForm()
    if not form.validate_on_submit():
        message = next(iter(form.errors.values()))[0]
        raise Invalid(str(message))
    upload = form.file.data
    stored = files.store(upload.stream, upload.filename or "table.csv")
    trial = bool(form.trial.data)
    handed_in = imports.start(form.kind.data, stored.path, stored.name, by=me(), trial=trial)
    run_imports.enqueue()
    return redirect(url_for("customers.import_report", import_id=handed_in.id), 303)


@bp.get("/desk/customers/imports/<int:import_id>")
@managers_only
def import_report(import_id: int) -> Response:
    """What became of each line."""
    handed_in = queries.import_by_id(import_id)
    outcome = request.args.get("outcome")
    outcome = outcome if outcome in (*imports.OUTCOMES, "undone", "kept") else None
    after = min(max(request.args.get("after", 0, type=int), 0), 2**31 - 1)
    lines = queries.lines_of(import_id, outcome, after)
    return show(
        "customers/import.html",
        "customers/_import_report.html",
        handed_in=handed_in,
        outcomes=queries.outcomes_of(import_id),
        outcome=outcome,
        lines=lines,
        more_after=lines[-1].line if len(lines) == 200 else None,
        columns=_columns(handed_in) if handed_in.trial else {},
        fields=list(imports.KINDS[handed_in.kind].columns),
    )


def _columns(handed_in: Import) -> dict[str, str]:
    """Each column of the file, and the field it is read as."""
    try:
        header = spreadsheet.header_of(imports.text_of(handed_in))
    except OSError:  # the file is gone, which is no reason to hide the report
        return {}
    known = imports.KINDS[handed_in.kind].columns
    return spreadsheet.recognised(header, known, handed_in.mapping or {})


@bp.post("/desk/customers/imports/<int:import_id>/repetition")
@managers_only
def repeat_import(import_id: int) -> Response:
    """After a trial: again with other columns, or now for good."""
    handed_in = queries.import_by_id(import_id)
    mapping = {
        name.removeprefix("column-"): value
        for name, value in request.form.items()
        if name.startswith("column-")
    }
    imports.remap(handed_in, mapping, trial=request.form.get("for_good") != "yes")
    run_imports.enqueue()
    return redirect(url_for("customers.import_report", import_id=import_id), 303)


@bp.post("/desk/customers/imports/<int:import_id>/undoing")
@managers_only
def undo_import(import_id: int) -> Response:
    """Take back what it did, as far as nobody has built on it."""
    undo(queries.import_by_id(import_id))
    run_imports.enqueue()
    return redirect(url_for("customers.import_report", import_id=import_id), 303)
