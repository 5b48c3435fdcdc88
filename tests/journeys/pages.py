"""Every page, each with an address, who reads it, and what one has to do to see it."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page as Tab


def nothing(_tab: Tab) -> None:
    """The page is there as soon as it is opened."""


@dataclass(frozen=True)
class Page:
    """`path` has the names of the scene in braces; `do` leads on from there to what is looked at,
    and `status` is that of the last answer. An open menu covers what is below it, so that on a
    narrow screen the rule about the size of targets says nothing."""

    name: str
    who: str
    endpoint: str
    path: str
    status: int = 200
    do: Callable[[Tab], None] = nothing
    has_open_menu: bool = False


COMPANY = "/desk/organizations/{harbor}"


def send(button: str) -> Callable[[Tab], None]:
    """Press a button of a form as it is, empty."""

    def press(tab: Tab) -> None:
        for form in tab.locator("form").all():
            form.evaluate("form => { form.noValidate = true }")
        tab.get_by_role("button", name=button).first.click()
        tab.wait_for_load_state()

    return press


def file_a_request(tab: Tab) -> None:
    """As somebody who is new here."""
    tab.get_by_label("Your name").fill("Vera")
    tab.get_by_label("Your e-mail").fill(f"vera@{'very-' * 11}long.example")
    tab.get_by_label("Subject").fill("Something new")
    tab.get_by_label("Message").fill("How much is it?")
    tab.get_by_role("button", name="Send request").click()
    tab.get_by_role("heading", name="We have your request").wait_for()


def ask_for_a_link(tab: Tab) -> None:
    tab.get_by_label("E-mail").fill("vera@vale.example")
    tab.get_by_role("button", name="Mail me a link").click()
    tab.get_by_role("heading", name="Look in your mail").wait_for()


def reply_too_late(tab: Tab) -> None:
    """Send a reply to what the ticket was some changes ago; in one go, or the page learns what is
    new in between."""
    tab.get_by_role("textbox", name="Message").fill("Written a while ago.")
    tab.get_by_role("button", name="Send, keep open").evaluate(
        """button => {
            for (const name of ["seen", "last_message", "last_entry"])
                button.form.elements[name].value = "1";
            button.click();
        }"""
    )
    tab.get_by_role("alert").wait_for()
    tab.wait_for_load_state()


def unname(tab: Tab) -> None:
    """Take the name from a record."""
    tab.get_by_label("Name").fill(" ")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_role("alert").wait_for()


def make_a_token(tab: Tab) -> None:
    """Have the words of a token shown."""
    tab.get_by_label("Which program?").fill("The shop")
    tab.get_by_role("button", name="Make a token").click()
    tab.get_by_text("shown this once").wait_for()


def write_no_note(tab: Tab) -> None:
    """Send an empty note; its field may be folded away."""
    form = tab.locator("form[action$='/notes']")
    form.evaluate("form => { form.noValidate = true; form.requestSubmit() }")
    tab.get_by_role("alert").wait_for()


def open_everything(tab: Tab) -> None:
    """Every menu and every fold."""
    tab.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")


def open_menu(number: int) -> Callable[[Tab], None]:
    """One menu of several."""
    return lambda tab: tab.locator(".menu > summary").nth(number).click()


def show_keys(tab: Tab) -> None:
    tab.locator("html.has-script").wait_for()
    tab.keyboard.press("?")
    tab.locator("dialog[open]").wait_for()


NOBODY = (
    Page("home", "nobody", "portal.home", "/"),
    Page("filing", "nobody", "portal.new_request", "/requests/new"),
    Page("refused request", "nobody", "portal.home", "/", 422, send("Send request")),
    Page("filed", "nobody", "portal.filed", "/requests/filed", 200, file_a_request),
    Page("sign in", "nobody", "accounts.sign_in", "/sign-in"),
    Page("refused sign-in", "nobody", "accounts.sign_in", "/sign-in", 422, send("Sign in")),
    Page("forgotten password", "nobody", "accounts.forgotten_password", "/forgotten-password"),
    Page("mailed", "nobody", "accounts.mailed", "/forgotten-password", 200, ask_for_a_link),
    Page("sign up", "nobody", "accounts.sign_up", "/sign-up"),
    Page("sign-in link", "nobody", "portal.mailed_link", "/links/{sign_in}"),
    Page("joining", "nobody", "portal.mailed_link", "/links/{join}"),
    Page("new password", "nobody", "portal.mailed_link", "/links/{password}"),
    Page("invitation", "nobody", "portal.mailed_link", "/links/{invitation}", 422, send("Join")),
    Page("used link", "nobody", "portal.mailed_link", "/links/unknown", 410),
    Page("confirming", "nobody", "portal.linked_ticket", "/r/{unproven}"),
    Page("by link", "nobody", "portal.linked_ticket", "/r/{proven}"),
    Page("closed link", "nobody", "portal.linked_ticket", "/r/{revoked}", 410),
    Page("survey", "nobody", "surveys.answer", "/surveys/{asked_survey}?score=2"),
    Page("NPS", "nobody", "surveys.answer", "/surveys/{nps}"),
    Page("no score", "nobody", "surveys.answer", "/surveys/{asked_survey}", 422, send("Send my")),
    Page("change of mind", "nobody", "surveys.answer", "/surveys/{answered_survey}"),
    Page("thanks", "nobody", "surveys.thanks", "/surveys/{answered_survey}/response"),
    Page("nothing here", "nobody", "surveys.nothing", "/surveys/{asked_survey}/nothing"),
    Page("in Arabic", "nobody", "surveys.answer", "/surveys/{asked_survey}?lang=ar&score=1"),
    Page("expired survey", "nobody", "surveys.answer", "/surveys/{expired_survey}", 410),
    Page("withdrawn survey", "nobody", "surveys.answer", "/surveys/{withdrawn_survey}", 410),
    Page("broken link", "nobody", "surveys.answer", "/surveys/forged", 404),
    Page("preferences", "nobody", "surveys.preferences", "/surveys/{nps}/preferences"),
    Page("unsubscribing", "nobody", "surveys.unsubscribe", "/surveys/{nps}/unsubscribing"),
    Page("outbox", "nobody", "mail.outbox", "/demo/outbox"),
    Page("empty outbox", "nobody", "mail.outbox", "/demo/outbox?to=x@y.example"),
    Page("letter", "nobody", "mail.letter", "/demo/outbox/{letter}", 200, open_everything),
    Page("not found", "nobody", "", "/nowhere", 404),
)
CUSTOMERS = (
    Page("my requests", "rosa", "portal.requests", "/requests"),
    Page("no requests", "eve", "portal.requests", "/requests"),
    Page("filing signed in", "rosa", "portal.new_request", "/requests/new"),
    Page("my request", "rosa", "portal.request_page", "/requests/{ticket}"),
    Page("my solved request", "rosa", "portal.request_page", "/requests/{asked}"),
    Page("my closed request", "rosa", "portal.request_page", "/requests/{closed}"),
    Page("refused reply", "rosa", "portal.request_page", "/requests/{ticket}", 422, send("Send")),
    Page("a stranger's request", "sam", "portal.request_page", "/requests/{ticket}", 404),
    Page("my surveys", "rosa", "surveys.my_preferences", "/my/surveys"),
    Page("my data", "rosa", "portal.my_data", "/my/data"),
    Page("next to no data", "eve", "portal.my_data", "/my/data"),
    Page("my account", "rosa", "accounts.profile", "/account"),
)
AGENTS = (
    Page("follow-ups", "mika", "surveys.follow_up_list", "/desk/follow-ups"),
    Page("a follow-up", "mika", "surveys.follow_up", "/desk/follow-ups/{follow_up}"),
    Page(
        "refused outcome",
        "mika",
        "surveys.follow_up",
        "/desk/follow-ups/{follow_up}",
        422,
        send("Close the follow-up"),
    ),
    Page("mine", "mika", "desk.home", "/desk"),
    Page("all open", "mika", "desk.queue", "/desk/queue/open"),
    Page("unassigned", "mika", "desk.queue", "/desk/queue/unassigned", 200, open_menu(0), True),
    Page("waiting", "mika", "desk.queue", "/desk/queue/waiting"),
    Page("resolved", "mika", "desk.queue", "/desk/queue/resolved"),
    Page("empty queue", "ben", "desk.queue", "/desk/queue/mine"),
    Page("notifications", "mika", "notifications.told", "/notifications"),
    Page("how I am told", "mika", "notifications.wishes", "/notifications/preferences"),
    Page("keys", "mika", "desk.queue", "/desk/queue/open", 200, show_keys),
    Page("nothing fits", "mika", "desk.queue", "/desk/queue/open?priority=low&tag=none"),
    Page("found", "mika", "desk.search", "/desk/search?q=Rosa"),
    Page("not found by words", "mika", "desk.search", "/desk/search?q=zzz"),
    Page("search", "mika", "desk.search", "/desk/search"),
    Page("views", "mika", "desk.saved_views", "/desk/views"),
    Page("new view", "mika", "desk.new_view", "/desk/views/new?q=is:open"),
    Page("refused view", "mika", "desk.new_view", "/desk/views/new", 422, send("Save as")),
    Page("view", "mika", "desk.edit_view", "/desk/views/{view}"),
    Page("table", "mika", "desk.queue", "/desk/queue/{view}"),
    Page("rules", "nora", "desk.rules", "/desk/rules"),
    Page("new rule", "nora", "desk.new_rule", "/desk/rules/new"),
    Page("refused rule", "nora", "desk.new_rule", "/desk/rules/new", 422, send("Save and switch")),
    Page("rule", "nora", "desk.edit_rule", "/desk/rules/{rule}"),
    Page("rule version", "nora", "desk.rule_version", "/desk/rules/{rule}/versions/1"),
    Page("rule trial", "nora", "desk.rule_trial", "/desk/rules/{rule}/trials/{trial}"),
    Page("why", "mika", "desk.why", "/desk/tickets/{ticket}/why"),
    Page("new bulk edit", "mika", "desk.new_bulk_edit", "/desk/bulk/new?q=is:open&macro={macro}"),
    Page(
        "refused bulk edit",
        "mika",
        "desk.new_bulk_edit",
        "/desk/bulk/new?q=is:open",
        422,
        send("Look at it"),
    ),
    Page("proposed bulk edit", "mika", "desk.bulk_edit", "/desk/bulk/{bulk}"),
    Page("done bulk edit", "mika", "desk.bulk_edit", "/desk/bulk/{done}"),
    Page("bulk edits", "mika", "desk.bulk_edits", "/desk/bulk"),
    Page("macros", "mika", "desk.macros", "/desk/macros"),
    Page("new macro", "mika", "desk.new_macro", "/desk/macros/new"),
    Page("refused macro", "mika", "desk.new_macro", "/desk/macros/new", 422, send("Save")),
    Page("macro", "mika", "desk.edit_macro", "/desk/macros/{macro}"),
    Page("macro choice", "mika", "desk.macro_choice", "/desk/tickets/{ticket}/macros"),
    Page("taken macro", "mika", "desk.take_macro", "/desk/tickets/{ticket}/macros/{macro}"),
    Page("wrong filter", "mika", "desk.queue", "/desk/queue/open?q=statsu:open", 422),
    Page("wrong search", "mika", "desk.search", "/desk/search?q=card+statsu:open", 422),
    Page("ticket", "mika", "desk.ticket", "/desk/tickets/{ticket}"),
    Page("open menus", "mika", "desk.ticket", "/desk/tickets/{ticket}", 200, open_everything),
    Page("resolved ticket", "mika", "desk.ticket", "/desk/tickets/{answered}"),
    Page("closed ticket", "mika", "desk.ticket", "/desk/tickets/{closed}"),
    Page("stale reply", "mika", "desk.ticket", "/desk/tickets/{ticket}", 409, reply_too_late),
    Page("empty reply", "mika", "desk.ticket", "/desk/tickets/{ticket}", 422, send("Send, keep")),
    Page("merging", "mika", "desk.merging", "/desk/tickets/{ticket}/merge"),
    Page("merging both", "mika", "desk.merging", "/desk/tickets/{ticket}/merge?into={answered}"),
    Page("merging none", "mika", "desk.merging", "/desk/tickets/{ticket}/merge?into=x", 422),
    Page("splitting", "mika", "desk.splitting", "/desk/tickets/{ticket}/split"),
    Page("fields", "mika", "desk.fields", "/desk/tickets/{ticket}/fields"),
    Page("parts", "mika", "desk.parts", "/desk/tickets/{ticket}/parts"),
    Page("parts of what is closed", "mika", "desk.parts", "/desk/tickets/{closed}/parts"),
    Page("no time", "mika", "desk.parts", "/desk/tickets/{ticket}/parts", 422, send("Write down")),
    Page("new ticket", "mika", "desk.new_ticket", "/desk/tickets/new"),
    Page(
        "refused ticket", "mika", "desk.new_ticket", "/desk/tickets/new", 422, send("File ticket")
    ),
    Page("customers", "mika", "desk.customers", "/desk/customers"),
    Page("nobody found", "mika", "desk.customers", "/desk/customers?q=zzz"),
    Page("customer", "mika", "desk.customer", "/desk/customers/{rosa}"),
    Page("notes", "mika", "desk.customer", "/desk/customers/{sam}?kind=notes"),
    Page("record", "mika", "customers.edit", "/desk/customers/{rosa}/record"),
    Page("refused record", "mika", "customers.edit", "/desk/customers/{rosa}/record", 422, unname),
    Page("consent", "mika", "customers.consent", "/desk/customers/{rosa}/consent"),
    Page("record fields", "ada", "admin.record_fields", "/admin/record-fields"),
    Page("filling in", "mika", "customers.customer_fields", "/desk/customers/{rosa}/fields"),
    Page("about a company", "mika", "customers.organization_fields", f"{COMPANY}/fields"),
    Page("papers", "mika", "customers.customer_files", "/desk/customers/{rosa}/files"),
    Page("companies", "mika", "customers.organization_list", "/desk/organizations"),
    Page("company", "nora", "customers.organization", COMPANY),
    Page("company record", "mika", "customers.edit_organization", f"{COMPANY}/record"),
    Page("addresses", "mika", "customers.addresses", "/desk/customers/{rosa}/addresses"),
    Page("no question", "nobody", "portal.asked_address", "/addresses/x", 410),
    Page("phones", "mika", "customers.contact_points", "/desk/customers/{rosa}/contact-points"),
    Page("no phone", "mika", "customers.contact_points", "/desk/customers/{sam}/contact-points"),
    Page("refused note", "mika", "desk.customer", "/desk/customers/{rosa}", 422, write_no_note),
    Page("may leave", "mika", "churn.flags", "/desk/flags"),
    Page("nobody lost", "mika", "churn.flags", "/desk/flags?list=lost"),
    Page("flag", "mika", "churn.flag", "/desk/flags/{flag}"),
    Page("this week", "mika", "churn.flags", "/desk/flags?list=worklist"),
    Page("playbooks", "mika", "churn.playbook_list", "/desk/churn/playbooks?whose=all"),
    Page("availability", "mika", "desk.availability", "/desk/availability"),
    Page("not for agents", "mika", "surveys.invitations", "/desk/surveys", 403),
    Page("profile", "mika", "accounts.profile", "/account"),
)
MANAGERS = (
    Page("one ticket's decision", "nora", "surveys.invitations", "/desk/surveys?who=%23{ticket}"),
    Page("questions", "nora", "surveys.questions", "/desk/surveys/questions"),
    Page("new question", "nora", "surveys.new_question", "/desk/surveys/questions/new?kind=free"),
    Page(
        "refused question",
        "nora",
        "surveys.question",
        "/desk/surveys/questions/new?kind=free",
        422,
        send("Make the question"),
    ),
    Page("a question", "nora", "surveys.question", "/desk/surveys/questions/{survey}"),
    Page("preview", "nora", "surveys.preview_page", "/desk/surveys/questions/{survey}/page"),
    Page("policy", "nora", "surveys.policy", "/desk/surveys/policy"),
    Page("survey rules", "nora", "surveys.rules_page", "/desk/surveys/rules"),
    Page("refused rule", "nora", "surveys.rules_page", "/desk/surveys/rules", 422, send("Add the")),
    Page("experiments", "nora", "surveys.experiments_page", "/desk/surveys/experiments"),
    Page("results", "nora", "surveys.results", "/desk/surveys/results"),
    Page("machines", "nora", "surveys.machines", "/desk/surveys/machines"),
    Page("patterns", "nora", "surveys.patterns", "/desk/surveys/patterns"),
    Page("ledger", "nora", "surveys.follow_up_ledger", "/desk/follow-ups/ledger"),
    Page("segments", "nora", "desk.segment_list", "/desk/segments?q=address:verified"),
    Page("a segment", "mika", "desk.segment_count", "/desk/segments/{segment}/count"),
    Page("duplicates", "mika", "customers.duplicate_list", "/desk/customers/duplicates"),
    Page("merging", "mika", "customers.merge", "/desk/customers/{rosa}/merging?other={sam}"),
    Page("merge with", "mika", "customers.merge", "/desk/customers/{rosa}/merging?other=x"),
    Page("privacy", "nora", "privacy.customer_privacy", "/desk/customers/{rosa}/privacy"),
    Page("erasures", "ada", "privacy.erasure_list", "/admin/erasures"),
    Page("keeping", "ada", "privacy.retention_rules", "/admin/retention"),
    Page("quality", "nora", "customers.quality", "/desk/customers/quality"),
    Page("settled", "nora", "customers.quality", "/desk/customers/quality?kind=settled"),
    Page("worth", "nora", "customers.value", "/desk/customers/value"),
    Page("backtest", "nora", "churn.backtest", "/desk/churn/backtest"),
    Page("points", "nora", "churn.shown_weights", "/desk/churn/weights"),
    Page("writing a playbook", "nora", "churn.playbook_list", "/desk/churn/playbooks"),
    Page("imports", "nora", "customers.import_list", "/desk/customers/imports"),
    Page("import", "nora", "customers.import_report", "/desk/customers/imports/{customers_import}"),
    Page("asked", "nora", "surveys.invitations", "/desk/surveys"),
    Page("not asked", "nora", "surveys.invitations", "/desk/surveys?state=suppressed"),
    Page("mail", "ada", "intake.setup", "/admin/mail"),
    Page("token", "ada", "intake.setup", "/admin/mail", 200, make_a_token),
    Page("new mailbox", "ada", "intake.new_mailbox", "/admin/mail/mailboxes/new"),
    Page(
        "refused mailbox",
        "ada",
        "intake.new_mailbox",
        "/admin/mail/mailboxes/new",
        422,
        send("Save and test"),
    ),
    Page("mailbox", "ada", "intake.mailbox", "/admin/mail/mailboxes/{mailbox}"),
    Page("mail log", "nora", "intake.log", "/desk/mails"),
    Page("quarantine", "nora", "intake.log", "/desk/mails?outcome=quarantine"),
    Page("no such mail", "nora", "intake.log", "/desk/mails?q=zzz"),
    Page("a mail", "nora", "intake.mail", "/desk/mails/{inbound}"),
    Page("tone of a message", "mika", "desk.message_tone", "/desk/messages/{formatted}/tone"),
    Page("formatted mail", "mika", "intake.formatted", "/desk/messages/{formatted}/formatted"),
    Page("staff", "ada", "accounts.staff", "/staff"),
    Page("people", "ada", "admin.people", "/admin/people"),
    Page("teams", "ada", "admin.teams", "/admin/teams", 200, open_everything),
    Page("refused team", "ada", "admin.teams", "/admin/teams", 422, send("Make the team")),
    Page("assignment", "ada", "admin.assignment_page", "/admin/assignment"),
    Page("types", "ada", "admin.ticket_types", "/admin/types", 200, open_everything),
    Page("no hours", "ada", "admin.new_hours", "/admin/hours/new"),
    Page("hours", "ada", "admin.hours_page", "/admin/hours/{hours}", 200, open_everything),
    Page("all hours", "ada", "admin.hours_list", "/admin/hours"),
    Page("refused hours", "ada", "admin.new_hours", "/admin/hours/new", 422, send("Save hours")),
    Page("policies", "ada", "admin.policies", "/admin/policies"),
    Page("policy", "ada", "admin.policy_page", "/admin/policies/{policy}"),
    Page("new policy", "ada", "admin.new_policy", "/admin/policies/new"),
    Page(
        "refused policy", "ada", "admin.new_policy", "/admin/policies/new", 422, send("Save policy")
    ),
    Page("organizations", "ada", "admin.organizations", "/admin/organizations"),
    Page("work", "ada", "admin.work", "/admin/work"),
    Page("refused invitation", "ada", "accounts.staff", "/staff", 422, send("Send invitation")),
)
REPORTS = (
    Page("overview", "nora", "reports.overview", "/reports"),
    *(
        Page(f"report {name}", "nora", "reports.page", f"/reports/{name}")
        for name in (
            "satisfaction",
            "nps",
            "ces",
            "response",
            "ledger",
            "volume",
            "backlog",
            "speed",
            "sla",
            "sentiment",
            "agents",
            "patterns",
            "churn",
            "retention",
        )
    ),
    Page(
        "long ago",
        "nora",
        "reports.overview",
        "/reports?period=custom&from=2001-01-01&to=2001-02-01",
    ),
    Page("period", "nora", "reports.overview", "/reports", 200, open_menu(0)),
    Page("filters", "nora", "reports.overview", "/reports", 200, open_menu(1)),
    Page("behind a number", "nora", "reports.behind", "/reports/tickets?of=filed"),
    Page("marks on charts", "nora", "reports.marks", "/reports/marks"),
    Page("a mark without words", "nora", "", "/reports/marks", 422, send("Mark it")),
    Page("reports by mail", "nora", "reports.mailed", "/reports/mailed"),
    Page("behind nothing", "nora", "reports.behind", "/reports/tickets?of=filed&tag=none"),
    Page("an agent's report", "mika", "reports.overview", "/reports"),
)
PAGES = (*NOBODY, *CUSTOMERS, *AGENTS, *MANAGERS, *REPORTS)

NOT_PAGES = {
    "health.alive": "for machines",
    "health.ready": "for machines",
    "portal.robots": "for machines",
    "portal.favicon": "a picture",
    "ui.static": "files of ours",
    "desk.attachment": "a download",
    "customers.customer_file": "a download",
    "desk.live": "what an open page asks for",
    "desk.live_queue": "the same, for a list",
    "desk.live_ticket": "the same, for a ticket",
    "desk.palette": "what stands in the palette; without script it leads to desk.search",
    "portal.file": "a download",
    "portal.file_by_link": "a download",
    "reports.spreadsheet": "a download",
    "reports.behind_as_spreadsheet": "a download",
    "surveys.brand_colours": "a style sheet",
    "surveys.logo": "a picture",
    "surveys.preview_mail": "a mail, by its own policy without script",
    "intake.raw": "a download",
    "mail.letter_page": "what stands in the frame of mail.letter, without script by its policy",
}
"""What answers a GET and is no page, and why."""
