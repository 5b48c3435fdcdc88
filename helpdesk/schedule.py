"""The timetable: what the clock wakes up, and how often.

Twice is harmless: each line runs at most once a slot, and each job looks for itself what is due.
"""

from dataclasses import dataclass

from helpdesk.churn import jobs as churn
from helpdesk.core import inventory, journal
from helpdesk.core.jobs import Job
from helpdesk.customers import jobs as customers
from helpdesk.desk import drafting
from helpdesk.intake import jobs as intake
from helpdesk.mail import jobs as mail
from helpdesk.notifications import jobs as notifications
from helpdesk.privacy import jobs as privacy
from helpdesk.reports import jobs as reports
from helpdesk.rules import jobs as rules
from helpdesk.rules.trials import running as trials
from helpdesk.surveys import jobs as surveys
from helpdesk.tickets import assignment, promising, recounts, snoozing
from helpdesk.tickets import jobs as tickets
from helpdesk.tickets.bulk import running as bulk_edits


@dataclass(frozen=True)
class Line:
    """One line of the timetable; `every` in seconds."""

    name: str
    every: int
    job: Job[[]]


MINUTE = 60
HOUR = 60 * MINUTE

TIMETABLE = (
    Line("mail", 2, mail.deliver_due),
    Line("mail in", 2, intake.process_due),
    Line("untold", 5, journal.tell_untold),
    Line("surveys", 5, surveys.send_due),
    Line("scores", MINUTE, tickets.score_messages),
    Line("rescoring", MINUTE, tickets.rescore_messages),
    Line("comments", MINUTE, surveys.score_comments),
    Line("comments again", MINUTE, surveys.rescore_comments),
    Line("index", MINUTE, tickets.index_waiting),
    Line("clicks", MINUTE, surveys.record_clicks),
    Line("visits", MINUTE, customers.record_visits),
    Line("imports", MINUTE, customers.run_imports),
    Line("worth", HOUR, customers.work_out_worth),
    Line("duplicates", 6 * HOUR, customers.find_duplicates),
    Line("flaws", 6 * HOUR, customers.look_for_flaws),
    Line("wake", MINUTE, snoozing.wake_due),
    Line("clocks", MINUTE, tickets.watch_clocks),
    Line("giving", MINUTE, assignment.give_waiting),
    Line("recount", MINUTE, recounts.recount_open),
    Line("rules", MINUTE, rules.ask_rules_about_time),
    Line("misses", HOUR, rules.forget_misses),
    Line("trials", MINUTE, trials.run_trials),
    Line("old trials", HOUR, trials.forget_trials),
    Line("notifications", MINUTE, notifications.mail_due),
    Line("follow-ups due", MINUTE, notifications.tell_of_follow_ups),
    Line("old notifications", HOUR, notifications.forget_old),
    Line("close", 10 * MINUTE, tickets.close_resolved),
    Line("hours", 6 * HOUR, promising.keep_hours_true),
    Line("drafts", HOUR, tickets.forget_drafts),
    Line("bulk edits", MINUTE, bulk_edits.run_bulk_edits),
    Line("proposals", HOUR, bulk_edits.forget_proposals),
    Line("written drafts", HOUR, drafting.forget_stale_drafts),
    Line("files", 6 * HOUR, inventory.sweep_files),
    Line("secrets", HOUR, mail.forget_secrets),
    Line("nps", HOUR, surveys.invite_to_nps),
    Line("reminders", HOUR, surveys.remind),
    Line("experiments", HOUR, surveys.stop_experiments),
    Line("health", HOUR, churn.review_due),
    Line("reports", 5 * MINUTE, reports.mail_reports),
    Line("counts", 5 * MINUTE, reports.keep_counts),
    Line("backtests", MINUTE, churn.run_backtests),
    Line("erasures", MINUTE, privacy.erase_confirmed),
    Line("keeping", HOUR, privacy.forget_in_time),
    Line("expire", HOUR, surveys.expire),
)
