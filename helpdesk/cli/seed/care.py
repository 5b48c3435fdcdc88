"""Who may leave, who looks after them, and who goes."""

from random import Random

from helpdesk.churn import actions as churn
from helpdesk.churn.events import ChurnFlagRaised
from helpdesk.churn.models import FlagState
from helpdesk.churn.queries import flag_by_id
from helpdesk.cli.seed import words
from helpdesk.cli.seed.company import Client, Company, Fate
from helpdesk.cli.seed.history import DAY, History
from helpdesk.cli.seed.people import at_work, person
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.customers import actions as customers
from helpdesk.customers.models import Customer


class Care:
    """Reviews, flags and what becomes of them."""

    def __init__(self, company: Company, history: History, random: Random) -> None:
        self.company = company
        self.history = history
        self.random = random
        self.clients = {client.customer_id: client for client in company.clients}
        history.on(ChurnFlagRaised, self.plan_care)

    def leave(self, client: Client) -> None:
        """They go."""
        customer = session.get_one(Customer, client.customer_id)
        customers.mark_lost(customer, now().date(), by=person(self.company.manager_id))

    def review_all(self) -> None:
        """A fresh look at everybody."""
        churn.review(
            [client.customer_id for client in self.company.clients if client.since < now()]
        )

    def plan_care(self, event: ChurnFlagRaised) -> None:
        """Somebody looks after it, most of the time."""
        seen = at_work(self.random, now() + self.random.uniform(0.5, 3) * DAY)
        if self.random.random() < 0.8:
            self.history.at(seen, lambda: self._care(event.flag_id))

    def _care(self, flag_id: int) -> None:
        flag = flag_by_id(flag_id)
        agent = person(self.random.choice(self._carers()))
        if not flag.is_open:
            return
        churn.acknowledge(flag, by=agent)
        if self.random.random() < 0.7:
            churn.work(flag, by=agent)
            end = now() + self.random.uniform(10, 28) * DAY
            self.history.at(at_work(self.random, end), lambda: self._settle(flag_id))

    def _carers(self) -> list[int]:
        return [self.company.manager_id, self.company.agents["Billing"][0].account_id]

    def _settle(self, flag_id: int) -> None:
        flag = flag_by_id(flag_id)
        client = self.clients[flag.customer_id]
        if not flag.is_open or client.fate in (Fate.LOST, Fate.LEAVING):
            return
        saved = client.fate is Fate.SAVED or self.random.random() < 0.6
        outcome = FlagState.SAVED if saved else FlagState.FALSE_ALARM
        manager = person(self.company.manager_id)
        churn.close(flag, outcome, self.random.choice(words.CALLED), by=manager)
