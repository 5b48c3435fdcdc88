"""Rosa's story, told by hand: the customer whom the demo lets one be."""

from helpdesk.cli.seed import words
from helpdesk.cli.seed.cases import Case
from helpdesk.cli.seed.history import DAY, HOUR
from helpdesk.cli.seed.people import person
from helpdesk.cli.seed.story import Story
from helpdesk.core.clock import now
from helpdesk.core.db import session
from helpdesk.customers.models import Customer, Organization
from helpdesk.surveys import answers
from helpdesk.surveys.models import Invitation, State
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Priority, Ticket


def tell_rosas_story(story: Story) -> None:
    """Charged twice, answered slowly, and now she asks to cancel while the contract renews soon."""
    Rosa(story).plan()


class Rosa:
    """The steps of her story, from forty days ago until this morning."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.client = story.company.clients[0]
        self.mika, self.eli = story.company.agents["Billing"]
        self.number = 0

    def plan(self) -> None:
        """Each step at its distance from now."""
        end, at = self.story.history.end, self.story.history.at
        at(end - 46 * DAY, self._earlier_ticket)
        at(end - 45 * DAY, self._earlier_answer)
        at(end - 43 * DAY, self._rate_it)
        at(end - 21 * DAY, self._file)
        at(end - 20 * DAY, self._reply)
        at(end - 19 * DAY, self._note)
        at(end - 3 * HOUR, self._threaten)

    def _customer(self) -> Customer:
        return session.get_one(Customer, self.client.customer_id)

    def _ticket(self) -> Ticket:
        return session.get_one(Ticket, self.number)

    def _open(self, subject: str, body: str) -> None:
        ticket = conversation.file(self._customer(), subject, body)
        self.number = ticket.id
        case = Case(self.client, words.TOPICS[0], self.eli, upset=True, late=3, number=ticket.id)
        self.story.cases.by_number[ticket.id] = case
        actions.set_tags(ticket, ("billing", "refund"), by=None)

    def _earlier_ticket(self) -> None:
        self._open("Menu import stops half-way", "The import of our staff list stops half-way.")

    def _earlier_answer(self) -> None:
        eli = person(self.eli.account_id)
        text = "Dear Rosa,\n\nplease split the file into two parts; then it works.\n\nEli"
        conversation.reply(self._ticket(), text, by=eli, seen=self._ticket().version)
        actions.resolve(self._ticket(), by=eli)

    def _rate_it(self) -> None:
        asked = session.query(Invitation).filter_by(ticket_id=self.number, state=State.SENT).first()
        if asked is not None:
            answers.answer(asked.id, 2, "Slow, and nobody told us what was going on.")

    def _file(self) -> None:
        month = f"{now():%B}"
        self._open(
            f"Charged twice for {month}",
            f"Hello, our card was charged on the 1st and again on the 3rd of {month}, 49.00 each."
            " Could you have a look?",
        )

    def _reply(self) -> None:
        mika, ticket = person(self.mika.account_id), self._ticket()
        text = (
            "Thank you, Rosa. I am checking both charges with our finance team and will write"
            " again.\n\nMika"
        )
        conversation.reply(ticket, text, by=mika, seen=ticket.version)

    def _note(self) -> None:
        mika = person(self.mika.account_id)
        text = "The second charge is the failed upgrade of the 3rd. Finance must release it."
        conversation.add_note(self._ticket(), text, by=mika)

    def _threaten(self) -> None:
        organization = session.get_one(Organization, self._customer().organization_id)
        organization.renews_on = (now() + 50 * DAY).date()
        text = (
            "I have been waiting for three weeks and nobody answers. If this is not solved today,"
            " please cancel our account."
        )
        conversation.write(self._ticket(), text, self._customer())
        actions.set_priority(self._ticket(), Priority.HIGH, by=None)
