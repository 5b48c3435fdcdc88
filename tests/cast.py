"""The people whom tests are about, each with a fixed role. `cast()` puts them into the database;
afterwards they are read by name: `people.mika`.

    Mika    agent in Billing; owns the ticket
    Ben     agent in Technical, knows nothing of Billing's restricted cases
    Nora    manager
    Ada     administrator
    Rosa    customer at Harbor Coffee; her ticket it is
    Carl    her colleague there, with an account
    Sam     a stranger: a customer of his own, with an account
"""

from dataclasses import dataclass

from helpdesk.accounts.models import Account, Role, Team
from helpdesk.core.clock import now
from helpdesk.core.db import db, session, transaction
from helpdesk.customers.models import Address, Customer, Organization
from helpdesk.tickets import actions, conversation
from helpdesk.tickets.models import Ticket
from tests.servers import tableaux


@dataclass(frozen=True)
class Cast:
    """Everybody, by id; each name reads the row anew, so that it is never stale."""

    ids: dict[str, int]

    def _account(self, name: str) -> Account:
        return session.get_one(Account, self.ids[name])

    def _customer(self, name: str) -> Customer:
        return session.get_one(Customer, self.ids[name])

    @property
    def mika(self) -> Account:
        return self._account("mika")

    @property
    def ben(self) -> Account:
        return self._account("ben")

    @property
    def nora(self) -> Account:
        return self._account("nora")

    @property
    def ada(self) -> Account:
        return self._account("ada")

    @property
    def rosas_account(self) -> Account:
        return self._account("rosas_account")

    @property
    def carls_account(self) -> Account:
        return self._account("carls_account")

    @property
    def sams_account(self) -> Account:
        return self._account("sams_account")

    @property
    def rosa(self) -> Customer:
        return self._customer("rosa")

    @property
    def carl(self) -> Customer:
        return self._customer("carl")

    @property
    def sam(self) -> Customer:
        return self._customer("sam")

    @property
    def billing(self) -> Team:
        return session.get_one(Team, self.ids["billing"])

    @property
    def technical(self) -> Team:
        return session.get_one(Team, self.ids["technical"])

    @property
    def harbor(self) -> Organization:
        return session.get_one(Organization, self.ids["harbor"])

    @property
    def ticket(self) -> Ticket:
        """Rosa's ticket: in Billing, with Mika, open, not answered yet."""
        return session.get_one(Ticket, self.ids["ticket"])


def account(name: str, role: Role, email: str = "") -> Account:
    """A verified account that is not stored yet."""
    return Account(
        name=name,
        email=email or f"{name.split(maxsplit=1)[0].lower()}@acorn-payroll.example",
        role=role,
        session_key=f"key of {name}",
        created_at=now(),
        verified_at=now(),
    )


def customer(
    name: str, email: str, organization: Organization | None = None, with_account: bool = True
) -> Customer:
    """A customer with a verified address that is not stored yet."""
    return Customer(
        name=name,
        organization=organization,
        created_at=now(),
        addresses=[Address(email=email, is_primary=True, verified_at=now())],
        account=account(name, Role.CUSTOMER, email) if with_account else None,
    )


def cast() -> Cast:
    """Everybody, in the database. Written the long way once; after that, in an empty database, put
    back as they were then: thousands of tests begin with them."""
    address = db.engine.url.render_as_string()
    if address in _REMEMBERED:
        ids, tableau = _REMEMBERED[address]
        if tableau.put_back():
            return Cast(ids)
    empty = tableaux.can_be_kept() and tableaux.is_empty()
    people = _written()
    if empty:
        _REMEMBERED[address] = (people.ids, tableaux.Tableau(now()))
    return people


_REMEMBERED: dict[str, tuple[dict[str, int], tableaux.Tableau]] = {}


def _written() -> Cast:
    with transaction():
        mika, ben = account("Mika Kallio", Role.AGENT), account("Ben Lund", Role.AGENT)
        nora, ada = account("Nora Weiss", Role.MANAGER), account("Ada Ortiz", Role.ADMIN)
        billing = Team(name="Billing", members=[mika])
        technical = Team(name="Technical", members=[ben])
        harbor = Organization(name="Harbor Coffee", domain="harbor.example", created_at=now())
        rosa = customer("Rosa Lindt", "rosa@harbor.example", harbor)
        carl = customer("Carl Lindt", "carl@harbor.example", harbor)
        sam = customer("Sam Stone", "sam@stone.example")
        session.add_all([mika, ben, nora, ada, billing, technical, rosa, carl, sam])
        session.flush()
        ticket = conversation.file(
            rosa, "Charged twice for October", "Our card was charged twice.", by=rosa.account
        )
        actions.move_to_team(ticket, billing, by=None)
        actions.assign(ticket, mika, by=None)
        session.flush()
        rows = {
            "mika": mika,
            "ben": ben,
            "nora": nora,
            "ada": ada,
            "billing": billing,
            "technical": technical,
            "harbor": harbor,
            "rosa": rosa,
            "carl": carl,
            "sam": sam,
            "rosas_account": rosa.account,
            "carls_account": carl.account,
            "sams_account": sam.account,
            "ticket": ticket,
        }
        return Cast({name: row.id for name, row in rows.items() if row is not None})
