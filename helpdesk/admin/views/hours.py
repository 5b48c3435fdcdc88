"""Business hours: when promises count."""

from functools import lru_cache
from zoneinfo import available_timezones

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Field

from helpdesk.accounts.forms import refuse
from helpdesk.accounts.sessions import admins_only, me
from helpdesk.admin import queries, timewords
from helpdesk.admin.forms import HoursForm
from helpdesk.admin.views.blueprint import bp, places
from helpdesk.core.clock import now
from helpdesk.core.db import abandon
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.hours import DAYS, Block
from helpdesk.core.settings import settings
from helpdesk.tickets.hours import FALLBACK, BusinessHours, Holiday
from helpdesk.tickets.promising import HoursAsWritten, keep_hours, remove_hours
from helpdesk.ui import show


@bp.get("/hours")
@admins_only
def hours_list() -> Response:
    return show(
        "admin/hours_list.html",
        places=places("admin.hours_list"),
        all_hours=queries.all_hours(),
        times=timewords.times,
        days=DAYS,
        fallback=FALLBACK,
    )


@bp.get("/hours/new")
@admins_only
def new_hours() -> Response:
    form = HoursForm(formdata=None, zone=settings().time_zone)
    for field in form.days[:5]:
        field.data = "9:00–17:00"
    return _page(form, None)


@bp.get("/hours/<int:hours_id>")
@admins_only
def hours_page(hours_id: int) -> Response:
    hours = queries.hours_by_id(hours_id)
    form = HoursForm(formdata=None, obj=hours)
    form.own_days.data = timewords.days(hours.own_days)
    for day, field in enumerate(form.days):
        field.data = timewords.times(Block(*block) for block in hours.week if block[0] == day)
    return _page(form, hours)


@bp.post("/hours")
@admins_only
def make_hours() -> AnyResponse:
    return _keep(None)


@bp.post("/hours/<int:hours_id>")
@admins_only
def change_hours(hours_id: int) -> AnyResponse:
    return _keep(queries.hours_by_id(hours_id))


@bp.post("/hours/<int:hours_id>/removal")
@admins_only
def remove(hours_id: int) -> AnyResponse:
    hours = queries.hours_by_id(hours_id)
    remove_hours(hours, by=me())
    flash(f"{hours.name} is gone.")
    return redirect(url_for("admin.hours_list"), 303)


def _keep(hours: BusinessHours | None) -> AnyResponse:
    form = HoursForm()
    hours_id = hours.id if hours else None
    wanted = _read(form)
    if wanted is not None:
        try:
            kept = keep_hours(wanted, hours, by=me())
        except (Invalid, Conflict) as refusal:
            refuse(_at_fault(form, refusal), refusal.message)
        else:
            flash(f"{kept.name} is saved." + (" What is due is counted anew." if hours else ""))
            return redirect(url_for("admin.hours_list"), 303)
    abandon()
    return _page(form, queries.hours_by_id(hours_id) if hours_id else None, 422)


def _read(form: HoursForm) -> HoursAsWritten | None:
    """What the form says; None, with the reasons beside its fields, when that makes no sense."""
    form.validate()
    week: list[Block] = []
    for day, field in enumerate(form.days):
        try:
            week += timewords.blocks_of(day, field.data or "")
        except Invalid as refusal:
            refuse(field, refusal.message)
    own: tuple[Holiday, ...] = ()
    try:
        own = timewords.days_of(form.own_days.data or "")
    except Invalid as refusal:
        refuse(form.own_days, refusal.message)
    if form.errors:
        return None
    country, region = form.country.data or "", form.region.data or ""
    return HoursAsWritten(
        form.name.data,
        (form.zone.data or "").strip(),
        tuple(week),
        country.strip().upper(),
        region.strip().upper(),
        own,
    )


def _at_fault(form: HoursForm, refusal: Invalid | Conflict) -> Field:
    """The field that an action's refusal is about."""
    words = refusal.message
    if "time zone" in words:
        return form.zone
    if "region" in words:
        return form.region
    if "calendar" in words:
        return form.country
    return form.name if isinstance(refusal, Conflict) else form.monday


def _page(form: HoursForm, hours: BusinessHours | None, status: int = 200) -> Response:
    return show(
        "admin/hours.html",
        status=status,
        places=places("admin.hours_list"),
        form=form,
        hours=hours,
        zones=_zones(),
        fallback=FALLBACK,
        this_year=now().year,
    )


@lru_cache
def _zones() -> tuple[str, ...]:
    """Zones to choose from: places, not the abbreviations that are kept for old programs."""
    return (*sorted(zone for zone in available_timezones() if "/" in zone), "UTC")
