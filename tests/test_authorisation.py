"""Every route, tried by everybody: who gets in, who is asked to sign in, and for whom there is
nothing there. A route that is not in the table fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from helpdesk.accounts.actions import invite
from helpdesk.accounts.links import Purpose, make
from helpdesk.accounts.models import Role
from helpdesk.churn.models import ChurnFlag, Doing, Playbook, PlaybookRun, PlaybookTask
from helpdesk.core.clock import now
from helpdesk.core.db import Model, db, session, transaction
from helpdesk.core.fields import Wish as FieldWish
from helpdesk.core.files import root, store
from helpdesk.core.journal import JournalEntry
from helpdesk.core.web import EXEMPT_FROM_CSRF
from helpdesk.customers import reaching
from helpdesk.customers.contactpoints import PointKind
from helpdesk.customers.fields import About, add_field
from helpdesk.customers.merges import Duplicate
from helpdesk.customers.models import Import
from helpdesk.customers.papers import add_file
from helpdesk.customers.quality.models import RecordFinding
from helpdesk.customers.writing_to import ask_for_address
from helpdesk.desk.actions import Wish, save_view
from helpdesk.desk.macros.actions import Wish as MacroWish
from helpdesk.desk.macros.actions import save_macro
from helpdesk.desk.models import Segment
from helpdesk.intake.keeping import keep
from helpdesk.intake.models import Door, InboundEmail, Outcome
from helpdesk.intake.tokens import make_token as make_mail_token
from helpdesk.mail.models import OutboundEmail
from helpdesk.privacy import deciding
from helpdesk.reports import occasions
from helpdesk.reports.mailing import subscribe
from helpdesk.reports.models import Rhythm, Sort
from helpdesk.rules.actions import save as save_rule
from helpdesk.rules.trials.running import begin as begin_trial
from helpdesk.rules.wording import Heard, Typed
from helpdesk.surveys import follow_ups
from helpdesk.surveys.links import token_for
from helpdesk.surveys.models import Experiment, Invitation, Response, SurveyRule
from helpdesk.tickets import conversation, effort, filling
from helpdesk.tickets.bulk.actions import propose
from helpdesk.tickets.changes import from_form
from helpdesk.tickets.links import link_for
from helpdesk.tickets.models import Attachment, Ticket
from tests.cast import Cast, cast
from tests.desk.conftest import statements
from tests.intake.letters import mailbox_row
from tests.letters import letters, link_in
from tests.servers.tableaux import Tableau
from tests.surveys.stage import resolved
from tests.tickets.promises import office
from tests.tickets.promises import policy as promise
from tests.visitor import Visitor

pytestmark = pytest.mark.databases("sqlite")

# The ticket is Rosa's, in Billing, which is restricted. One letter for each of these people:
WHO = (
    "nobody",
    "rosas_account",  # whose ticket it is
    "carls_account",  # her colleague, whose organization does not share
    "sams_account",  # another customer
    "mika",  # an agent in Billing
    "ben",  # an agent of another team
    "nora",  # a manager, not in Billing
    "ada",  # the administrator
)
# .  let in, whatever becomes of the empty form      s  asked to sign in
# x  refused (403)                                   0  nothing there (404)
# g  the link is no longer good (410)
ANYBODY = "........"
CUSTOMERS = "s...xxxx"
FILING = "....xxxx"
OWNER = "s.00xxxx"
STAFF = "sxxx...."
MANAGERS = "sxxxxx.."
ADMINS = "sxxxxxx."
OF_THE_TEAM = "sxxx.00."
OF_ADMINS = "sxxxxx0."  # what managers may do, about a ticket that this one may not see
MIKAS = "sxxx.000"
OF_MIKA_AND_ADMINS = "sxxx.00."
SIGNED_IN = "s......."
NOT_HERE = "00000000"

TABLE = {
    "GET /healthz": ANYBODY,
    "GET /readyz": ANYBODY,
    "GET /static/<version>/<path:path>": ANYBODY,
    # accounts
    "GET /sign-in": ANYBODY,
    "POST /sign-in": ANYBODY,
    "POST /sign-in/link": ANYBODY,
    "GET /sign-in/mailed": "s" * 8,
    "POST /sign-out": ANYBODY,
    "GET /forgotten-password": ANYBODY,
    "POST /forgotten-password": ANYBODY,
    "GET /sign-up": ANYBODY,
    "POST /sign-up": ANYBODY,
    "POST /demo/session": NOT_HERE,
    "GET /account": SIGNED_IN,
    "POST /account": SIGNED_IN,
    "POST /account/password": SIGNED_IN,
    "POST /account/password/link": SIGNED_IN,
    "GET /staff": ADMINS,
    "POST /staff/invitations": ADMINS,
    "POST /staff/invitations/<int:link_id>/withdrawal": ADMINS,
    # portal: a mailed link is a key for whoever holds it
    "GET /": ANYBODY,
    "GET /robots.txt": ANYBODY,
    "GET /favicon.ico": ANYBODY,
    "GET /links/<token>": ANYBODY,
    "POST /links/<token>": ANYBODY,
    "GET /addresses/<token>": ANYBODY,
    "POST /addresses/<token>": ANYBODY,
    "GET /r/<token>": ANYBODY,
    "POST /r/<token>/confirmation": ANYBODY,
    "POST /r/<token>/messages": ANYBODY,
    "POST /r/<token>/resolution": ANYBODY,
    "POST /r/<token>/reopening": ANYBODY,
    "POST /r/<token>/renewal": ANYBODY,
    "GET /r/<token>/files/<attachment_id>": ANYBODY,
    "GET /requests": CUSTOMERS,
    "POST /requests": FILING,
    "GET /requests/new": FILING,
    "GET /requests/filed": ANYBODY,
    "GET /requests/<int:number>": OWNER,
    "POST /requests/<int:number>/messages": OWNER,
    "POST /requests/<int:number>/resolution": OWNER,
    "POST /requests/<int:number>/reopening": OWNER,
    "GET /requests/<int:number>/files/<attachment_id>": OWNER,
    # surveys
    "GET /surveys/<token>": ANYBODY,
    "POST /surveys/<token>/response": ANYBODY,
    "GET /surveys/<token>/response": ANYBODY,
    "GET /surveys/<token>/preferences": ANYBODY,
    "POST /surveys/<token>/preferences": ANYBODY,
    "GET /surveys/<token>/unsubscribing": ANYBODY,
    "POST /surveys/<token>/unsubscribing": ANYBODY,
    "GET /surveys/<token>/nothing": ANYBODY,
    "GET /brand/colours.css": ANYBODY,
    "GET /brand/logo": NOT_HERE,  # until somebody hands one in
    "GET /my/data": CUSTOMERS,
    "POST /my/wishes": CUSTOMERS,
    "GET /my/surveys": CUSTOMERS,
    "POST /my/surveys": CUSTOMERS,
    "GET /desk/surveys": MANAGERS,
    "POST /desk/surveys/invitations": MANAGERS,
    "POST /desk/surveys/invitations/<int:invitation_id>/sending": OF_ADMINS,
    "POST /desk/surveys/invitations/<int:invitation_id>/leaving": OF_ADMINS,
    "GET /desk/surveys/experiments": MANAGERS,
    "POST /desk/surveys/experiments": MANAGERS,
    "POST /desk/surveys/experiments/<int:experiment_id>/stopping": MANAGERS,
    "GET /desk/surveys/machines": MANAGERS,
    "GET /desk/surveys/patterns": MANAGERS,
    "GET /desk/surveys/policy": MANAGERS,
    "POST /desk/surveys/policy": MANAGERS,
    "GET /desk/surveys/questions": MANAGERS,
    "POST /desk/surveys/questions": MANAGERS,
    "GET /desk/surveys/questions/new": MANAGERS,
    "GET /desk/surveys/questions/<int:survey_id>": MANAGERS,
    "GET /desk/surveys/questions/<int:survey_id>/mail": MANAGERS,
    "GET /desk/surveys/questions/<int:survey_id>/page": MANAGERS,
    "POST /desk/surveys/questions/<int:survey_id>/shelving": MANAGERS,
    "GET /desk/surveys/results": MANAGERS,
    "GET /desk/surveys/rules": MANAGERS,
    "POST /desk/surveys/rules": MANAGERS,
    "POST /desk/surveys/rules/<int:rule_id>/moving": MANAGERS,
    "POST /desk/surveys/rules/<int:rule_id>/switching": MANAGERS,
    "GET /desk/follow-ups": STAFF,
    "GET /desk/follow-ups/ledger": MANAGERS,
    "GET /desk/follow-ups/<int:follow_up_id>": OF_THE_TEAM,
    "POST /desk/follow-ups/<int:follow_up_id>/ownership": OF_THE_TEAM,
    "POST /desk/follow-ups/<int:follow_up_id>/contact": OF_THE_TEAM,
    "POST /desk/follow-ups/<int:follow_up_id>/outcome": OF_THE_TEAM,
    # desk
    "GET /desk": STAFF,
    "GET /desk/queue/<view>": STAFF,
    "GET /notifications": STAFF,
    "POST /notifications/<int:number>/reading": "sxxx0000",
    "POST /notifications/reading": STAFF,
    "GET /notifications/preferences": STAFF,
    "POST /notifications/preferences": STAFF,
    "GET /desk/live": STAFF,
    "GET /desk/live/queue/<view>": STAFF,
    "GET /desk/live/tickets/<int:number>": OF_THE_TEAM,
    "GET /desk/search": STAFF,
    "GET /desk/palette": STAFF,
    "GET /desk/views": STAFF,
    "POST /desk/views": STAFF,
    "GET /desk/views/new": STAFF,
    "GET /desk/views/<int:view_id>": MIKAS,
    "POST /desk/views/<int:view_id>": MIKAS,
    "POST /desk/views/<int:view_id>/deletion": MIKAS,
    "POST /desk/views/<int:view_id>/place": MIKAS,
    "GET /desk/rules": MANAGERS,
    "POST /desk/rules": MANAGERS,
    "GET /desk/rules/new": MANAGERS,
    "GET /desk/rules/<int:rule_id>": MANAGERS,
    "POST /desk/rules/<int:rule_id>": MANAGERS,
    "POST /desk/rules/<int:rule_id>/state": MANAGERS,
    "POST /desk/rules/<int:rule_id>/place": MANAGERS,
    "POST /desk/rules/<int:rule_id>/removal": MANAGERS,
    "GET /desk/rules/<int:rule_id>/versions/<int:edition>": MANAGERS,
    "POST /desk/rules/<int:rule_id>/trials": MANAGERS,
    "GET /desk/rules/<int:rule_id>/trials/<int:trial_id>": MANAGERS,
    "GET /desk/tickets/<int:number>/why": OF_THE_TEAM,
    "GET /desk/bulk": STAFF,
    "POST /desk/bulk": STAFF,
    "GET /desk/bulk/new": STAFF,
    "POST /desk/bulk/selection": STAFF,
    "GET /desk/bulk/<int:bulk_id>": OF_MIKA_AND_ADMINS,
    "POST /desk/bulk/<int:bulk_id>/start": "sxxx.00x",  # only who proposed it starts it
    "POST /desk/bulk/<int:bulk_id>/undoing": OF_MIKA_AND_ADMINS,
    "GET /desk/macros": STAFF,
    "POST /desk/macros": STAFF,
    "GET /desk/macros/new": STAFF,
    "GET /desk/macros/<int:macro_id>": MIKAS,
    "POST /desk/macros/<int:macro_id>": MIKAS,
    "POST /desk/macros/<int:macro_id>/deletion": MIKAS,
    "GET /desk/tickets/new": STAFF,
    "POST /desk/tickets": STAFF,
    "POST /desk/assignments": STAFF,
    "POST /desk/resolutions": STAFF,
    "GET /desk/tickets/<int:number>": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/assignment": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/links/revocation": OF_THE_TEAM,
    "GET /desk/tickets/<int:number>/merge": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/merge": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/merge/reversal": OF_THE_TEAM,
    "GET /desk/tickets/<int:number>/parts": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/relations": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/relations/<int:relation_id>/removal": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/children/answers": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/copies": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/copies/<int:watcher_id>/removal": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/watching": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/checklist": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/checklist/<int:item_id>": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/time": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/time/<int:time_id>": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/snooze": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/snooze/ending": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/follow-up": OF_THE_TEAM,
    "GET /desk/tickets/<int:number>/fields": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/fields": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/type": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/notes": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/priority": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/reopening": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/replies": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/replies/<int:message_id>/withdrawal": "sxxx0000",
    "POST /desk/tickets/<int:number>/resolution": OF_THE_TEAM,
    "GET /desk/tickets/<int:number>/split": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/split": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/split/reversal": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/status": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/tags": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/team": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/draft": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/draft/deletion": OF_THE_TEAM,
    "GET /desk/tickets/<int:number>/macros": OF_THE_TEAM,
    "POST /desk/tickets/<int:number>/macros": OF_THE_TEAM,
    "GET /desk/tickets/<int:number>/macros/<int:macro_id>": MIKAS,
    "POST /desk/tickets/<int:number>/macros/<int:macro_id>/application": OF_THE_TEAM,
    "GET /desk/attachments/<attachment_id>": OF_THE_TEAM,
    "GET /desk/customers": STAFF,
    "GET /desk/customers/<int:customer_id>": STAFF,
    "GET /desk/customers/<int:customer_id>/record": STAFF,
    "POST /desk/customers/<int:customer_id>/record": STAFF,
    "POST /desk/customers/<int:customer_id>/notes": STAFF,
    "GET /admin/record-fields": ADMINS,
    "POST /admin/record-fields": ADMINS,
    "POST /admin/record-fields/<int:record_field_id>": ADMINS,
    "POST /admin/record-fields/<int:record_field_id>/retirement": ADMINS,
    "GET /desk/customers/<int:customer_id>/fields": STAFF,
    "POST /desk/customers/<int:customer_id>/fields": STAFF,
    "GET /desk/organizations/<int:organization_id>/fields": STAFF,
    "POST /desk/organizations/<int:organization_id>/fields": STAFF,
    "GET /desk/customers/<int:customer_id>/files": STAFF,
    "POST /desk/customers/<int:customer_id>/files": STAFF,
    "GET /desk/customers/<int:customer_id>/files/<int:file_id>": STAFF,
    "POST /desk/customers/<int:customer_id>/files/<int:file_id>/removal": STAFF,
    "GET /desk/customers/<int:customer_id>/consent": STAFF,
    "POST /desk/customers/<int:customer_id>/consent": STAFF,
    "GET /desk/organizations": STAFF,
    "POST /desk/organizations": STAFF,
    "GET /desk/organizations/<int:organization_id>": STAFF,
    "GET /desk/organizations/<int:organization_id>/record": STAFF,
    "POST /desk/organizations/<int:organization_id>/record": STAFF,
    "POST /desk/organizations/<int:organization_id>/domains": STAFF,
    "POST /desk/organizations/<int:organization_id>/domains/<int:domain_id>/verification": MANAGERS,
    "POST /desk/organizations/<int:organization_id>/domains/<int:domain_id>/removal": STAFF,
    "POST /desk/organizations/<int:organization_id>/people": STAFF,
    "POST /desk/organizations/<int:organization_id>/people/<int:customer_id>/removal": STAFF,
    "GET /desk/customers/<int:customer_id>/addresses": STAFF,
    "POST /desk/customers/<int:customer_id>/addresses": STAFF,
    "POST /desk/customers/<int:customer_id>/addresses/<int:address_id>/preference": STAFF,
    "POST /desk/customers/<int:customer_id>/addresses/<int:address_id>/removal": STAFF,
    "POST /desk/customers/<int:customer_id>/asked-addresses/<int:asked_id>/removal": STAFF,
    "GET /desk/customers/<int:customer_id>/contact-points": STAFF,
    "POST /desk/customers/<int:customer_id>/contact-points": STAFF,
    "POST /desk/customers/<int:customer_id>/contact-points/<int:point_id>/label": STAFF,
    "POST /desk/customers/<int:customer_id>/contact-points/<int:point_id>/preference": STAFF,
    "POST /desk/customers/<int:customer_id>/contact-points/<int:point_id>/verification": STAFF,
    "POST /desk/customers/<int:customer_id>/contact-points/<int:point_id>/removal": STAFF,
    "GET /desk/segments": STAFF,
    "GET /desk/segments/<int:segment_id>/count": STAFF,
    "POST /desk/segments": STAFF,
    "POST /desk/segments.csv": MANAGERS,
    "POST /desk/segments/<int:segment_id>/deletion": ADMINS,  # one of them made it
    "GET /desk/customers/duplicates": STAFF,
    "POST /desk/customers/duplicates/<int:duplicate_id>/dismissal": STAFF,
    "GET /desk/customers/<int:customer_id>/merging": STAFF,
    "POST /desk/customers/<int:customer_id>/merging": STAFF,
    "POST /desk/customers/<int:customer_id>/distinction": STAFF,
    "POST /desk/customers/<int:customer_id>/separation": STAFF,
    "GET /desk/customers/<int:customer_id>/privacy": MANAGERS,
    "POST /desk/customers/<int:customer_id>/export": MANAGERS,
    "POST /desk/customers/<int:customer_id>/holds": MANAGERS,
    "POST /desk/customers/<int:customer_id>/erasures": MANAGERS,
    "POST /desk/holds/<int:hold_id>/lifting": ADMINS,
    "POST /desk/erasures/<int:erasure_id>/confirmation": ADMINS,
    "POST /desk/erasures/<int:erasure_id>/refusal": MANAGERS,
    "GET /admin/erasures": ADMINS,
    "GET /admin/retention": ADMINS,
    "POST /admin/retention/<kind>": ADMINS,
    "POST /my/data/export": "ssssxxxx",  # who signed in a while ago signs in again
    "GET /desk/customers/value": MANAGERS,
    "GET /desk/customers/quality": STAFF,
    "POST /desk/customers/quality/<int:finding_id>/dismissal": STAFF,
    "POST /desk/customers/quality/<int:finding_id>/return": STAFF,
    "GET /desk/customers/imports": MANAGERS,
    "POST /desk/customers/imports": MANAGERS,
    "GET /desk/customers/imports/<int:import_id>": MANAGERS,
    "POST /desk/customers/imports/<int:import_id>/repetition": MANAGERS,
    "POST /desk/customers/imports/<int:import_id>/undoing": MANAGERS,
    # churn
    "GET /desk/flags": STAFF,
    "GET /desk/flags/<int:flag_id>": STAFF,
    "POST /desk/flags/<int:flag_id>/acknowledgement": STAFF,
    "POST /desk/flags/<int:flag_id>/outcome": STAFF,
    "POST /desk/flags/<int:flag_id>/work": STAFF,
    "POST /desk/flags/<int:flag_id>/plan": STAFF,
    "POST /desk/flags/<int:flag_id>/playbook": STAFF,
    "POST /desk/churn/steps/<int:task_id>/outcome": STAFF,
    "GET /desk/churn/playbooks": STAFF,
    "POST /desk/churn/playbooks": MANAGERS,
    "POST /desk/churn/playbooks/<int:playbook_id>/retirement": MANAGERS,
    "GET /desk/churn/backtest": MANAGERS,
    "POST /desk/churn/backtest": MANAGERS,
    "GET /desk/churn/weights": MANAGERS,
    "POST /desk/churn/weights": MANAGERS,
    "POST /desk/churn/weights/<int:weights_id>/return": MANAGERS,
    # reports: agents see their own figures, and what concerns the whole company is for managers
    "GET /reports": STAFF,
    "GET /reports.csv": STAFF,
    "GET /reports/<name>": STAFF,
    "GET /reports/<name>.csv": STAFF,
    "GET /reports/tickets": STAFF,
    "GET /reports/tickets.csv": STAFF,
    "GET /reports/marks": STAFF,
    "POST /reports/marks": MANAGERS,
    "POST /reports/marks/<int:occasion_id>/removal": MANAGERS,
    "GET /reports/mailed": STAFF,
    "POST /reports/mailed": STAFF,
    "POST /reports/mailed/<int:subscription_id>/removal": MIKAS,
    # administrators look after people, teams and what got stuck
    "GET /admin/organizations": ADMINS,
    "POST /admin/organizations/<int:organization_id>/sharing": ADMINS,
    "GET /desk/availability": STAFF,
    "POST /desk/availability": STAFF,
    "GET /admin/assignment": ADMINS,
    "POST /admin/assignment/teams/<int:team_id>": ADMINS,
    "POST /admin/assignment/agents/<int:account_id>": ADMINS,
    "GET /admin/types": ADMINS,
    "POST /admin/types": ADMINS,
    "POST /admin/types/<int:type_id>/retirement": ADMINS,
    "POST /admin/types/<int:type_id>/fields": ADMINS,
    "POST /admin/types/fields/<int:field_id>": ADMINS,
    "POST /admin/types/fields/<int:field_id>/retirement": ADMINS,
    "GET /admin/hours": ADMINS,
    "POST /admin/hours": ADMINS,
    "GET /admin/hours/new": ADMINS,
    "GET /admin/hours/<int:hours_id>": ADMINS,
    "POST /admin/hours/<int:hours_id>": ADMINS,
    "POST /admin/hours/<int:hours_id>/removal": ADMINS,
    "GET /admin/policies": ADMINS,
    "POST /admin/policies": ADMINS,
    "GET /admin/policies/new": ADMINS,
    "GET /admin/policies/<int:policy_id>": ADMINS,
    "POST /admin/policies/<int:policy_id>": ADMINS,
    "POST /admin/policies/<int:policy_id>/promotion": ADMINS,
    "POST /admin/policies/<int:policy_id>/removal": ADMINS,
    "GET /admin/people": ADMINS,
    "POST /admin/people/<int:account_id>/role": ADMINS,
    "POST /admin/people/<int:account_id>/suspension": ADMINS,
    "POST /admin/people/<int:account_id>/restoration": ADMINS,
    "GET /admin/teams": ADMINS,
    "POST /admin/teams": ADMINS,
    "POST /admin/teams/<int:team_id>": ADMINS,
    "GET /admin/work": ADMINS,
    "POST /admin/work/mails/<int:email_id>/sending": ADMINS,
    "POST /admin/work/mails/<int:email_id>/leaving": ADMINS,
    "POST /admin/work/entries/<int:entry_id>/telling": ADMINS,
    "POST /inbound/mime": ANYBODY,  # a token counts there, whoever sends it
    "GET /admin/mail": ADMINS,
    "GET /admin/mail/mailboxes/new": ADMINS,
    "POST /admin/mail/mailboxes/new": ADMINS,
    "GET /admin/mail/mailboxes/<int:mailbox_id>": ADMINS,
    "POST /admin/mail/mailboxes/<int:mailbox_id>": ADMINS,
    "POST /admin/mail/mailboxes/<int:mailbox_id>/test": ADMINS,
    "POST /admin/mail/mailboxes/<int:mailbox_id>/removal": ADMINS,
    "POST /admin/mail/trial": ADMINS,
    "POST /admin/mail/advice": ADMINS,
    "POST /admin/mail/tokens": ADMINS,
    "POST /admin/mail/tokens/<int:token_id>/revocation": ADMINS,
    "GET /desk/messages/<int:message_id>/formatted": OF_THE_TEAM,
    "GET /desk/messages/<int:message_id>/tone": OF_THE_TEAM,
    "POST /desk/messages/<int:message_id>/tone": OF_THE_TEAM,
    "GET /desk/mails": MANAGERS,
    "GET /desk/mails/<int:inbound_id>": "sxxxxx0.",  # it is about a ticket of the team
    "GET /desk/mails/<int:inbound_id>/raw": "sxxxxx0.",
    "POST /desk/mails/<int:inbound_id>/processing": "sxxxxx0.",
    "POST /desk/mails/<int:inbound_id>/release": "sxxxxx0.",
    # mail: the outbox is there in a demo alone
    "GET /demo/outbox": NOT_HERE,
    "GET /demo/outbox/<int:email_id>": NOT_HERE,
    "GET /demo/outbox/<int:email_id>/page": NOT_HERE,
}


@dataclass(frozen=True)
class Stage:
    """Rosa's ticket in a restricted team, with everything that can hang on it."""

    arguments: dict[str, object]
    tokens: dict[str, str]
    secret: str = "Only Billing reads this"

    def path(self, rule: str) -> str:
        """The address of a route for what is on the stage."""
        prefix = rule.strip("/").split("/")[0]
        given = {**self.arguments, "token": self.tokens.get(prefix, "")}
        path = "/".join(_filled(part, given) for part in rule.split("/"))
        return f"{path}?of=filed" if path.startswith("/reports/tickets") else path


def _filled(part: str, given: dict[str, object]) -> str:
    if "<" not in part:
        return part
    before, _, rest = part.partition("<")
    name, _, after = rest.partition(">")
    return f"{before}{given[name.split(':')[-1]]}{after}"


class Set(NamedTuple):
    """The stage as it was set, to be put back for the next test."""

    people: Cast
    stage: Stage
    tableau: Tableau
    files: Mapping[Path, bytes]


_SET: dict[str, Set] = {}


def _address() -> str:
    return db.engine.url.render_as_string()


@pytest.fixture
def people(app: Flask) -> Cast:
    """The cast; on the stage, once that was set."""
    known = _SET.get(_address())
    if known is None or not known.tableau.put_back():
        return cast()
    for path, content in known.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return known.people


@pytest.fixture
def stage(people: Cast, app: Flask) -> Stage:
    if _address() not in _SET:
        stage = set_stage(people, app)
        files = {path: path.read_bytes() for path in root().rglob("*") if path.is_file()}
        _SET[_address()] = Set(people, stage, Tableau(now()), files)
    return _SET[_address()].stage


def set_stage(people: Cast, app: Flask) -> Stage:
    """Hang everything on the ticket."""
    invitation_id = resolved(people)
    with transaction(), app.test_request_context():
        people.billing.restricted = True
        people.ticket.messages[0].html = "<p>words</p>"
        inbound_id = keep(b"From: x@y.example", Door.PIPE).id
        came = session.get_one(InboundEmail, inbound_id)
        came.ticket_id, came.outcome = people.ticket.id, Outcome.QUARANTINE
        box = mailbox_row()
        handed_out, _ = make_mail_token("a shop")
        note = conversation.add_note(people.ticket, Stage.secret, by=people.mika)
        flag = ChurnFlag(customer_id=people.rosa.id, risk=60, points=[], raised_at=now())
        handed_in = Import(
            kind="customers", name="a.csv", path="x", by_id=people.ada.id, created_at=now()
        )
        hours, policy = office(), promise(first_response=3600)
        twice = Duplicate(
            first_id=people.rosa.id, second_id=people.sam.id, reasons=[], score=1, found_at=now()
        )
        session.add(twice)
        segment = Segment(name="A", text="health<40", owner_id=people.ada.id, created_at=now())
        session.add(segment)
        session.flush()
        hold = deciding.place_hold(people.carl, "A lawsuit", by=people.ada)
        erasure = deciding.ask(people.rosa, "A letter", by=people.nora)
        session.flush()
        session.add_all([_file(people.ticket, people.ticket.messages[0].id), flag, handed_in])
        session.flush()
        link = link_for(people.ticket, people.rosa, "rosa@harbor.example")
        asked = session.get_one(Invitation, invitation_id)
        asked.state, asked.sent_at = type(asked.state)("sent"), now()
        asked.email, asked.expires_at = "rosa@harbor.example", now() + timedelta(days=7)
        follow_up_id = _follow_up(asked)
        rule = SurveyRule(position=1, name="All", title="After a request", created_at=now())
        experiment = Experiment(
            name="A try",
            title="After a request",
            split="delay",
            seed="seed",
            arms=[{"name": "A", "value": "4"}, {"name": "B", "value": "24"}],
            stop_after=400,
            started_at=now(),
        )
        session.add_all([rule, experiment])
        session.flush()
        view = save_view(Wish("Hers", "is:open"), by=people.mika)
        filed = Typed("Hers", {"filed": Heard()}, changes={"do-priority": "high"})
        trial = begin_trial(save_rule(filed, None, by=people.nora), by=people.nora)
        macro = save_macro(MacroWish("Hers", changes={"do-reply": "Hello"}), by=people.mika)
        subscription = subscribe("volume", Rhythm.WEEKLY, MultiDict(), by=people.mika)
        occasion = occasions.note(now().date(), Sort.RELEASE, "Version 3", by=people.nora)
        invited = invite("zoe@x.example", Role.AGENT, by=people.ada)
        _, join = make(Purpose.JOIN, "zoe@x.example")
        email = session.scalars(select(OutboundEmail.id)).first()
        asked.email_id = email
        parked = session.scalars(select(JournalEntry).order_by(JournalEntry.id)).first()
        assert parked is not None
        parked.parked_at = now()
        arguments: dict[str, object] = {
            "number": people.ticket.id,
            "customer_id": people.rosa.id,
            **_record(people),
            "attachment_id": "a-file-of-rosas",
            "link_id": invited.id,
            "flag_id": flag.id,
            "task_id": _step(people, flag),
            "playbook_id": 1,
            "weights_id": 0,
            "import_id": handed_in.id,
            "email_id": email or 1,
            "duplicate_id": twice.id,
            "hold_id": hold.id,
            "segment_id": segment.id,
            "erasure_id": erasure.id,
            "kind": "raw_mails",
            "note_id": note.id,
            "follow_up_id": follow_up_id,
            "invitation_id": asked.id,
            "survey_id": asked.survey_id,
            "rule_id": rule.id,
            "experiment_id": experiment.id,
            "organization_id": people.harbor.id,
            "account_id": people.ben.id,
            "team_id": people.technical.id,
            "entry_id": parked.id,
            "inbound_id": inbound_id,
            "mailbox_id": box.id,
            "token_id": handed_out.id,
            "message_id": people.ticket.messages[0].id,
            "hours_id": hours.id,
            "policy_id": policy.id,
            "view": "open",
            "view_id": view.id,
            "macro_id": macro.id,
            "edition": 1,
            "trial_id": trial.id,
            "bulk_id": propose(
                [people.ticket.id], "", from_form({"do-priority": "low"}), by=people.mika
            ).id,
            "name": "volume",
            "version": "x",
            "path": "css/app.css",
            "subscription_id": subscription.id,
            "occasion_id": occasion.id,
            **_parts(people),
        }
        tokens = {
            "r": link.rsplit("/", 1)[1],
            "links": join.rsplit("/", 1)[1],
            "surveys": token_for(asked),
            "addresses": _asked_address(people),
        }
        return Stage(arguments, tokens)


def _asked_address(people: Cast) -> str:
    """The token of a question whether a new address is hers."""
    ask_for_address(people.rosa, "rosa@new.example", by=people.mika)
    return link_in(letters("rosa@new.example")[-1]).rsplit("/", 1)[1]


def _follow_up(asked: Invitation) -> int:
    """What is done about an unhappy answer about the ticket."""
    answer = Response(
        invitation=asked,
        kind=asked.kind,
        score=1,
        comment="Nobody helped.",
        created_at=now(),
        updated_at=now(),
        customer_id=asked.customer_id,
        ticket_id=asked.ticket_id,
    )
    session.add(answer)
    session.flush()
    follow_ups.open_where_low(answer)
    found = follow_ups.of_response(answer.id)
    assert found is not None
    return found.id


def _step(people: Cast, flag: ChurnFlag) -> int:
    playbook = Playbook(id=1, name="Win back", made_at=now(), by_id=people.nora.id)
    session.add(playbook)
    session.flush()
    run = PlaybookRun(
        playbook_id=1, flag_id=flag.id, customer_id=people.rosa.id, name="x", begun_at=now()
    )
    task = PlaybookTask(position=1, title="Call", doing=Doing.CALL, due_at=now())
    run.tasks = [task]
    session.add(run)
    session.flush()
    return task.id


def _file(ticket: Ticket, message_id: int) -> Attachment:
    stored = store(BytesIO(b"words"), "words.txt")
    return Attachment(
        id="a-file-of-rosas",
        ticket_id=ticket.id,
        message_id=message_id,
        name=stored.name,
        path=stored.path,
        media_type=stored.media_type,
        size=stored.size,
        sha256=stored.sha256,
        created_at=now(),
    )


def routes(app: Flask) -> set[str]:
    """Every method and address that the application answers."""
    return {
        f"{method} {_plain(rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def _plain(rule: Rule) -> str:
    """The rule without its list of allowed words, which grows."""
    return "/".join(
        part.split("<")[0] + "<" + part.split(":")[-1] if "<any(" in part else part
        for part in rule.rule.split("/")
    )


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    assert routes(app) == set(TABLE)


def outcome(answer: TestResponse) -> str:
    """The letter of the table."""
    if (answer.location or "").startswith("/sign-in"):
        return "s"
    letters = {403: "x", 404: "0", 410: "g"}
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    assert answer.status_code not in (400, 405, 429), f"{answer.status_code}: {answer.text}"
    return letters.get(answer.status_code, ".")


def visitor(visit: Callable[[], Visitor], people: Cast, who: str) -> Visitor:
    return visit() if who == "nobody" else visit().sign_in(getattr(people, who))


@pytest.mark.parametrize("route", sorted(TABLE))
def test_everybody_gets_what_the_table_says(
    route: str, stage: Stage, people: Cast, visit: Callable[[], Visitor]
) -> None:
    method, rule = route.split(" ", 1)
    path, wanted = stage.path(rule), dict(zip(WHO, TABLE[route], strict=True))
    found = {
        who: outcome(visitor(visit, people, who).open(path, method=method, buffered=True))
        for who in sorted(WHO, key=lambda who: wanted[who] == ".")  # those who change it come last
    }
    assert found == wanted


PAGES = sorted(route for route in TABLE if route.startswith("GET "))
POSTS = sorted(route for route in TABLE if route.startswith("POST "))
OUTSIDERS = ("nobody", "rosas_account", "carls_account", "sams_account", "ben", "nora")


@pytest.mark.parametrize("who", OUTSIDERS)
def test_a_note_in_a_restricted_team_is_on_no_page_of_anybody_else(
    who: str, stage: Stage, people: Cast, visit: Callable[[], Visitor]
) -> None:
    person = visitor(visit, people, who)
    paths = [stage.path(route.removeprefix("GET ")) for route in PAGES]
    pages = {path: person.get(path, buffered=True).text for path in [*paths, "/desk/search?q=only"]}
    assert [path for path, text in pages.items() if stage.secret in text] == []


@pytest.mark.parametrize("who", ["nobody", "carls_account", "sams_account", "ben", "nora"])
def test_nobody_else_changes_a_ticket_of_a_restricted_team(
    who: str, stage: Stage, people: Cast, visit: Callable[[], Visitor]
) -> None:
    before = (people.ticket.version, people.ticket.status, people.ticket.assignee_id)
    form = {
        "ticket": str(people.ticket.id),
        "tickets": str(people.ticket.id),
        "number": str(people.ticket.id),
        "assignee": str(people.ben.id),
        "assignee_id": str(people.ben.id),
        "body": "Words",
        "message": "Words",
        "status": "open",
    }
    by_link = ("POST /r/", "POST /surveys/", "POST /links/")
    for route in (r for r in POSTS if not r.startswith(by_link)):
        visitor(visit, people, who).post(stage.path(route.removeprefix("POST ")), data=form)
    assert (people.ticket.version, people.ticket.status, people.ticket.assignee_id) == before


def test_no_page_changes_anything_by_being_opened(
    stage: Stage, people: Cast, visit: Callable[[], Visitor]
) -> None:
    before = _everything()
    for who in ("nobody", "rosas_account", "ada"):
        person = visitor(visit, people, who)
        for route in PAGES:
            person.get(stage.path(route.removeprefix("GET ")), buffered=True)
    assert _everything() == before


MOST_QUESTIONS = 12


def test_no_page_asks_the_database_many_questions(
    stage: Stage, people: Cast, visit: Callable[[], Visitor]
) -> None:
    asked = {}
    for who, pages in ((people.rosas_account, "/requests /my"), (people.ada, "/")):
        person = visit().sign_in(who)
        for path in (stage.path(route.removeprefix("GET ")) for route in PAGES):
            if path.startswith(tuple(pages.split())):
                person.get(path, buffered=True)
                with transaction():  # what is kept while nobody writes is asked anew
                    people.rosa.name += "."
                with statements() as found:
                    person.get(path, buffered=True)
                asked[path] = len(found)
    # The overview is eleven reports on one page, each a question of its own.
    assert {path for path, n in asked.items() if n > MOST_QUESTIONS} == {"/reports", "/reports.csv"}


def _everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with transaction(write=False):
        return {
            table.name: sorted(map(tuple, session.execute(table.select())), key=repr)
            for table in Model.metadata.sorted_tables
        }


# No cookie counts there: a signed link does.
WITHOUT_COOKIES = {
    "POST /surveys/<token>/preferences",
    "POST /surveys/<token>/response",
    "POST /surveys/<token>/unsubscribing",
    "POST /inbound/mime",
}
WITH_COOKIES = sorted(set(POSTS) - WITHOUT_COOKIES)


def test_only_these_forms_need_no_token(app: Flask) -> None:
    exempt = {
        f"POST {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint in EXEMPT_FROM_CSRF and "POST" in (rule.methods or set())
    }
    assert exempt == WITHOUT_COOKIES


def test_every_form_needs_its_token(
    stage: Stage, people: Cast, visit: Callable[[], Visitor]
) -> None:
    paths = [stage.path(route.removeprefix("POST ")) for route in WITH_COOKIES]
    ada = visitor(visit, people, "ada")
    assert {path: ada.post(path, csrf=False).status_code for path in paths} == dict.fromkeys(
        paths, 400
    )


def test_no_form_is_taken_from_another_site(
    stage: Stage, people: Cast, visit: Callable[[], Visitor]
) -> None:
    paths = [stage.path(route.removeprefix("POST ")) for route in WITH_COOKIES]
    evil = {"Origin": "https://evil.example"}
    ada = visitor(visit, people, "ada")
    assert {path: ada.post(path, headers=evil).status_code for path in paths} == dict.fromkeys(
        paths, 403
    )


def _record(people: Cast) -> dict[str, object]:
    """What hangs on the record of a customer and of an organization."""
    seats = add_field(About.CUSTOMER, FieldWish("seats", "Seats", "number"), by=people.ada)
    upload = FileStorage(BytesIO(b"a contract"), "a.txt")
    paper = add_file(people.rosa, upload, by=people.mika)
    point = reaching.add_point(people.rosa, PointKind.PHONE, "+47 22 33", by=people.mika)
    flaw = RecordFinding(
        kind=520, subject="customer-2", customer_id=people.carl.id, reason="No.", found_at=now()
    )
    session.add(flaw)
    session.flush()
    return {
        "point_id": point.id,
        "address_id": people.rosa.addresses[0].id,
        "asked_id": 1,
        "finding_id": flaw.id,
        "record_field_id": seats.id,
        "file_id": paper.id,
        "domain_id": people.harbor.domains[0].id,
    }


def _parts(people: Cast) -> dict[str, object]:
    """What hangs on the ticket: a thing to do, time, and a field that can be filled in."""
    kind = filling.make_type("Order", by=people.ada)
    field = filling.add_field(kind, FieldWish("number", "Number", "text"), by=people.ada)
    return {
        "relation_id": 1,
        "watcher_id": 1,
        "item_id": effort.add_item(people.ticket, "Call", by=people.mika).id,
        "time_id": effort.spend(people.ticket, 5, by=people.mika).id,
        "type_id": kind.id,
        "field_id": field.id,
    }
