"""A helpdesk in the middle of its work: something of everything that a page can show, with names
and words that are long, or written from the right."""

import io
from datetime import date
from decimal import Decimal

from flask import Flask
from redis import Redis
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from helpdesk.accounts import links as mailed_links
from helpdesk.accounts.links import Purpose
from helpdesk.accounts.models import Role
from helpdesk.churn.models import ChurnFlag
from helpdesk.core import files
from helpdesk.core.clock import now
from helpdesk.core.db import session, transaction
from helpdesk.core.fields import Wish as FieldWish
from helpdesk.customers import actions as customers
from helpdesk.customers import fields as record_fields
from helpdesk.customers import imports, reaching
from helpdesk.customers.contactpoints import PointKind
from helpdesk.customers.models import Address, Customer
from helpdesk.customers.papers import add_file
from helpdesk.customers.writing_to import ask_for_address
from helpdesk.desk.actions import Wish, save_view
from helpdesk.desk.columns import COLUMNS
from helpdesk.desk.macros.actions import Wish as MacroWish
from helpdesk.desk.macros.actions import save_macro
from helpdesk.desk.models import Segment
from helpdesk.intake.keeping import keep
from helpdesk.intake.models import Door, InboundEmail, Outcome
from helpdesk.mail.models import OutboundEmail
from helpdesk.rules.actions import save as save_rule
from helpdesk.rules.trials.running import begin as begin_trial
from helpdesk.rules.wording import Heard, Typed
from helpdesk.surveys import answers, cadence, experiments, policies, rules
from helpdesk.surveys.links import token_for
from helpdesk.surveys.models import FollowUp, Invitation, Split, State
from helpdesk.tickets import actions, conversation, uploads
from helpdesk.tickets.bulk.actions import propose, start
from helpdesk.tickets.changes import from_form
from helpdesk.tickets.links import link_for, revoke_links
from helpdesk.tickets.models import Attachment, Priority, Status, Ticket
from tests.cast import Cast, account, cast
from tests.intake.letters import mailbox_row
from tests.tickets.promises import HOUR, office, policy
from tests.work import Work

ARABIC = "لقد تم خصم المبلغ مرتين من بطاقتي لشهر أكتوبر"
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenauszahlungsstelle" * 2
LONG_NAME = "Wilhelmina-Alexandrina van der Meulen-Schimmelpenninck of Oosterbeek"
ANGER = "Still not working, terrible. If this goes on we will cancel our contract with you."
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 400
CUSTOMERS = (
    "email,name,organization,tier\n"
    "new@fern.example,Fern Bell,Fern & Co,gold\n"
    "no address,Nobody,,\n"
    f"long@fern.example,{LONG_NAME},{UNBROKEN[:100]},\n"
)
ORDERS = (
    "email,reference,amount,currency,ordered_at\nrosa@harbor.example,A-17,120.50,EUR,2026-01-09\n"
)


class Scene:
    """What stands in the database; `names` has the parts of addresses, such as a ticket's number
    under "ticket" and the token of a link under "gone"."""

    def __init__(self, app: Flask, redis: Redis) -> None:
        self.people: Cast = cast()
        self.accounts = {
            name.removesuffix("s_account"): number
            for name, number in self.people.ids.items()
            if name in {"mika", "ben", "nora", "ada", "rosas_account", "sams_account"}
        }
        self.names: dict[str, object] = {"rosa": self.people.rosa.id, "sam": self.people.sam.id}
        self.names["harbor"] = self.people.harbor.id
        work = Work(app, redis)
        with transaction():
            hours = policies.policy(to_change=True)  # the scene is built at any hour
            hours.send_from, hours.send_until, hours.on_weekends = 0, 24 * 60, True
        for build in (
            self._promises,
            self._case,
            self._queue,
            self._tables,
            self._strangers,
            self._mails,
        ):
            with transaction():
                build()
        work()  # decides whom to ask
        work.tick()  # and asks
        with transaction():
            self._answers()
        work.tick()
        with transaction():
            self._name_the_rest()

    def _promises(self) -> None:
        """Hours in a zone that is gone, and two policies; made first, so that they count."""
        hours = office()
        hours.own_days, hours.country = [["2026-12-24", f"Closed, {UNBROKEN}"]], "DE"
        gone = office("Europe/Atlantis")
        rule = policy(
            f"Urgent {UNBROKEN}", 1, first_response=HOUR, priorities=["urgent"], hours_id=gone.id
        )
        policy("All", 2, first_response=4 * HOUR, next_response=8 * HOUR, resolution=40 * HOUR)
        self.names |= {"hours": hours.id, "policy": rule.id}

    def _case(self) -> None:
        """Rosa's ticket, with everything that a ticket can have."""
        people, ticket = self.people, self.people.ticket
        people.harbor.contract_value, people.harbor.renews_on = Decimal(42_000), date(2027, 2, 1)
        conversation.add_note(ticket, f"Look at {UNBROKEN}", by=people.ben)
        self._reply(ticket, "We are sorry. Here is what we see.", self._file())
        actions.set_tags(ticket, ["refund", "invoice", ARABIC[:30]], by=people.mika)
        actions.set_priority(ticket, Priority.URGENT, by=people.mika)
        conversation.write(ticket, ANGER, people.rosa, by=people.rosas_account)
        kept = Segment(
            name=UNBROKEN[:60], text="health<40", owner_id=people.nora.id, created_at=now()
        )
        session.add(kept)
        session.flush()
        self.names["segment"] = kept.id
        for about in record_fields.About:
            for kind, key in (("number", "seats"), ("choice", "shape"), ("date", "visited")):
                wish = FieldWish(f"{about}_{key}", key.capitalize(), kind, "Round\nSquare")
                record_fields.add_field(about, wish, by=people.ada)
        upload = FileStorage(io.BytesIO(b"Signed."), f"{UNBROKEN}.txt")
        add_file(people.rosa, upload, by=people.mika)
        reaching.add_point(people.rosa, PointKind.PHONE, "+47 22 33 44 55", by=people.mika)
        ask_for_address(people.rosa, f"rosa@{'very-' * 11}long.example", by=people.mika)
        reaching.add_point(people.rosa, PointKind.TELEGRAM, f"@{UNBROKEN[:70]}", by=people.mika)
        customers.add_note(people.rosa, f"Met her at the fair. {UNBROKEN}", by=people.mika)
        self.names["ticket"] = ticket.id

    def _queue(self) -> None:
        """Tickets in every state; more than one page of the queue holds."""
        people = self.people
        for words in (ARABIC, UNBROKEN[:180], "Two hundred letters " * 9):
            conversation.file(people.sam, words, f"{words} {ANGER}", by=people.sams_account)
        for number in range(26):
            conversation.file(people.carl, f"Question {number}", "How does this work?")
        for status in (Status.PENDING, Status.ON_HOLD):
            actions.set_status(self._helped(status, people.carl), status, by=people.mika)
        for name in ("answered", "expired", "withdrawn", "asked", "closed"):
            actions.resolve(self._helped(name, people.rosa), by=people.mika)
        actions.close(self._ticket("closed"))
        conversation.write(self._ticket("closed"), "It is back.", people.rosa)

    def _helped(self, name: str, whom: Customer) -> Ticket:
        ticket = conversation.file(whom, f"The one that is {name}", "Please help. Thank you!")
        session.flush()
        self._reply(ticket, "Done.")
        self.names[name] = ticket.id
        return ticket

    def _reply(
        self, ticket: Ticket, text: str, attachments: list[Attachment] | None = None
    ) -> None:
        conversation.reply(
            ticket, text, by=self.people.mika, seen=ticket.version, attachments=attachments or ()
        )

    def _file(self) -> list[Attachment]:
        upload = FileStorage(io.BytesIO(PICTURE), f"{UNBROKEN}.png")
        return uploads.keep([upload], uploads.new_form_key())

    def _mails(self) -> None:
        """Mails that came in: one that waits for a person, one that became a message."""
        held, taken = (keep(f"Subject: {word}\r\n\r\n".encode(), Door.LMTP) for word in "ab")
        mail = session.get_one(InboundEmail, held.id)
        mail.outcome, mail.reason = Outcome.QUARANTINE, f"It does not say who sent it. {UNBROKEN}"
        mail.subject, mail.sender = f"{ARABIC} {UNBROKEN}", f"{UNBROKEN}@harbor.example"
        mail.text, mail.message_id = f"{ARABIC}\n{UNBROKEN}", f"<{UNBROKEN}@harbor.example>"
        mail.attachments = [{"name": f"{UNBROKEN}.exe", "size": 90, "left_out": "A program."}]
        mail.problems = ["Its Content-Type cannot be read."]
        message = self.people.ticket.messages[0]
        message.html = f"<h2>{ARABIC}</h2><p>{UNBROKEN}</p><img src=https://x.example/a.png>"
        message.channel, message.shown, message.folded = "mail", message.body, "> Who?\n> You."
        message.left_out = [["setup.exe", 9000, "“setup.exe” is a Windows program."]]
        row = session.get_one(InboundEmail, taken.id)
        row.outcome, row.ticket_id, row.entry_id = Outcome.TICKET, message.ticket_id, message.id
        box = mailbox_row(address=f"{UNBROKEN[:60]}@harbor.example", error=f"DNS: {UNBROKEN}")
        box.findings = [["DNS", True, "It is there."], ["password", False, UNBROKEN]]
        self.names["mailbox"] = box.id
        for each in (mail, row):
            each.next_try_at, each.settled_at = None, each.received_at
        self.names |= {"inbound": mail.id, "formatted": message.id}

    def _tables(self) -> None:
        """Two imports."""
        for kind, table in (("customers", CUSTOMERS), ("orders", ORDERS)):
            stored = files.store(io.BytesIO(table.encode()), f"{kind}.csv")
            handed_in = imports.start(kind, stored.path, stored.name, by=self.people.nora)
            self.names[f"{kind}_import"] = handed_in.id

    def _strangers(self) -> None:
        """Links of all kinds, to people who are known and to such who are not."""
        people = self.people
        quinn = customers.add_customer(LONG_NAME, "quinn@quill.example")
        theirs = conversation.file(quinn, "Hello", "Is anybody there?")
        for name, ticket, customer, email in (
            ("unproven", theirs, quinn, "quinn@quill.example"),
            ("proven", people.ticket, people.rosa, "rosa@harbor.example"),
            ("revoked", self._ticket("pending"), people.carl, "carl@harbor.example"),
        ):
            self.names[name] = link_for(ticket, customer, email).rpartition("/")[2]
        revoke_links(self._ticket("pending"), by=people.mika)
        for purpose in Purpose:
            role = Role.AGENT if purpose is Purpose.INVITATION else None
            email = f"{purpose.value}-{'x' * 40}@quill.example"
            _, url = mailed_links.make(purpose, email, role=role)
            self.names[purpose.name.lower()] = url.rpartition("/")[2]
        cadence.ask(people.sam.id, share=1000)
        eve = account("Eve New", Role.CUSTOMER, "eve@vale.example")
        session.add(eve)
        session.flush()
        self.accounts["eve"] = eve.id
        session.add(Address(customer_id=people.rosa.id, email=f"{'rosa' * 12}@harbor.example"))

    def _answers(self) -> None:
        """What became of questions; the answers make Rosa one who may leave."""
        for name in ("answered", "expired", "withdrawn", "asked"):
            invitation = self._invitation(Invitation.ticket_id == self.names[name])
            self.names[f"{name}_survey"] = token_for(invitation)
            if name == "answered":
                answers.answer(invitation.id, 2, f"Far too slow. {ARABIC} {UNBROKEN}")
            elif name != "asked":
                invitation.state = State(name)
        self.names["nps"] = token_for(self._invitation(Invitation.kind == "nps"))

    def _name_the_rest(self) -> None:
        flag = session.scalars(select(ChurnFlag)).first()
        letter = session.scalars(select(OutboundEmail).where(OutboundEmail.kind == "reply")).first()
        follow_up = session.scalars(select(FollowUp)).first()
        assert flag
        assert letter
        assert follow_up
        self.names |= {"flag": flag.id, "letter": letter.id, "follow_up": follow_up.id}
        self.names["survey"] = follow_up.response.invitation.survey_id
        rules.set_rule(None, {"name": UNBROKEN[:70], "tag": "refund"}, by=self.people.nora)
        experiments.start(
            LONG_NAME[:60], "About us", Split.DELAY, ("4", "24"), 400, by=self.people.nora
        )
        view = save_view(Wish("Refunds", "is:open", columns=list(COLUMNS)), by=self.people.mika)
        self.names["view"] = view.id
        does = {"do-reply": "Hello {{customer.first_name}}", "do-status": "resolve"}
        kept = MacroWish("Refund", "/refund", does | {"do-add_tags": UNBROKEN[:40]})
        self.names["macro"] = save_macro(kept, by=self.people.mika).id
        typed = Typed(
            f"Refunds first {UNBROKEN}"[:80],
            {"filed": Heard(), "priority": Heard("", "high, urgent")},
            text="is:open tag:refund priority<high",
            changes={"do-priority": "high", "do-add_tags": UNBROKEN[:40]},
        )
        rule = save_rule(typed, None, by=self.people.nora, on=True)
        self.names["rule"] = rule.id
        trial = begin_trial(rule, by=self.people.nora)
        self.names["trial"], trial.finished_at = trial.id, trial.until
        todo = from_form({"do-priority": "low", "do-reply": "Hello {{customer.first_name}}"})
        self.names["bulk"] = propose([], "is:open", todo, by=self.people.mika).id
        done = propose([], "is:open", from_form({"do-add_tags": "seen"}), by=self.people.mika)
        start(done, confirmed=False, by=self.people.mika)
        self.names["done"] = done.id
        save_macro(MacroWish("Thanks", changes={"do-reply": UNBROKEN}), by=self.people.mika)

    def _ticket(self, name: str) -> Ticket:
        return session.get_one(Ticket, self.names[name])

    def _invitation(self, which: object) -> Invitation:
        return session.scalars(select(Invitation).where(which)).one()  # type: ignore[arg-type]
