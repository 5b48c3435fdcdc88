"""Working through the records that somebody should look at."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from helpdesk.accounts.sessions import me, staff_only
from helpdesk.core.paging import CAP, AnyRow
from helpdesk.customers.quality import working
from helpdesk.customers.quality.kinds import BY_NUMBER, GROUPS
from helpdesk.customers.views.blueprint import bp
from helpdesk.ui import show


@bp.get("/desk/customers/quality")
@staff_only
def quality() -> Response:
    """What is left, all of it or of one kind; or what somebody said looks right."""
    wanted, cursor = request.args.get("kind", ""), request.args.get("cursor")
    kinds = working.chosen(wanted)
    is_settled = wanted == "settled"
    page = working.settled(cursor) if is_settled else working.to_work_through(kinds, cursor)
    left = working.left()
    groups = {
        name: sum(count for kind, count in left.items() if kind.group == name) for name in GROUPS
    }
    return show(
        "customers/quality.html",
        page=page,
        kinds=BY_NUMBER,
        mend=_mend,
        wanted=wanted,
        is_settled=is_settled,
        cursor=cursor,
        groups={name: _in_words(count) for name, count in groups.items() if count},
        left={kind: _in_words(count) for kind, count in left.items()},
        group=kinds[0].group if len({kind.group for kind in kinds}) == 1 else "",
        total=_in_words(sum(left.values())),
        older_url=page.older and url_for("customers.quality", kind=wanted, cursor=page.older),
        newer_url=page.newer and url_for("customers.quality", kind=wanted, cursor=page.newer),
    )


def _in_words(count: int) -> int | str:
    return count if count < CAP else f"{CAP - 1}+"


def _mend(row: AnyRow) -> str:
    """Where a flaw is mended."""
    kind = BY_NUMBER[row.kind]
    if kind.of_organizations:
        return url_for(kind.endpoint, organization_id=row.organization_id)
    return url_for(kind.endpoint, customer_id=row.customer_id, other=row.other_id)


@bp.post("/desk/customers/quality/<int:finding_id>/dismissal")
@staff_only
def dismiss_finding(finding_id: int) -> Response:
    """It looks right as it is."""
    working.looks_right(working.finding_by_id(finding_id), by=me())
    flash("Noted: it looks right.")
    return _back()


@bp.post("/desk/customers/quality/<int:finding_id>/return")
@staff_only
def put_finding_back(finding_id: int) -> Response:
    """It is to be looked at after all."""
    working.put_back(working.finding_by_id(finding_id), by=me())
    flash("It is on the list again.")
    return _back()


def _back() -> Response:
    kind, cursor = request.args.get("kind"), request.args.get("cursor")
    return redirect(url_for("customers.quality", kind=kind, cursor=cursor), 303)
