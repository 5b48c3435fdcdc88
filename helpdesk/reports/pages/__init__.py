"""The pages of the reports, in the order of the rail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from helpdesk.reports.pages.agents import agents
from helpdesk.reports.pages.backlog import backlog
from helpdesk.reports.pages.caring import follow_ups
from helpdesk.reports.pages.ease import ease
from helpdesk.reports.pages.leaving import churn
from helpdesk.reports.pages.nps import nps
from helpdesk.reports.pages.overview import overview
from helpdesk.reports.pages.patterns import patterns
from helpdesk.reports.pages.promises import promises
from helpdesk.reports.pages.response import response
from helpdesk.reports.pages.satisfaction import satisfaction
from helpdesk.reports.pages.speed import speed
from helpdesk.reports.pages.staying import staying
from helpdesk.reports.pages.tone import sentiment
from helpdesk.reports.pages.volume import volume
from helpdesk.reports.paper import Report
from helpdesk.reports.periods import PeriodKind
from helpdesk.reports.question import Question


@dataclass(frozen=True)
class Page:
    """One entry of the rail. What is the company's as a whole is for managers, and no filter
    applies to it."""

    name: str
    label: str
    build: Callable[[Question], Report]
    company_wide: bool = False
    usual: PeriodKind = PeriodKind.DAYS
    """What it is about when nobody says."""


PAGES: Mapping[str, Page] = {
    page.name: page
    for page in (
        Page("overview", "Overview", overview, usual=PeriodKind.WEEK),
        Page("satisfaction", "Satisfaction", satisfaction),
        Page("nps", "NPS", nps, company_wide=True),
        Page("ces", "Effort", ease),
        Page("response", "Response", response),
        Page("ledger", "Follow-ups", follow_ups),
        Page("volume", "Volume", volume),
        Page("backlog", "Backlog", backlog),
        Page("speed", "Speed", speed),
        Page("sla", "SLA", promises),
        Page("sentiment", "Sentiment", sentiment),
        Page("agents", "Agents", agents),
        Page("patterns", "Patterns", patterns, company_wide=True),
        Page("churn", "Churn", churn, company_wide=True),
        Page("retention", "Retention", staying, company_wide=True),
    )
}
