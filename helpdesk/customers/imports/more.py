"""Fields that administrators made, as columns of a table: checked, filled in, and added at once."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import insert, select, update

from helpdesk.accounts.models import Account
from helpdesk.core.db import ask, session
from helpdesk.core.errors import Invalid
from helpdesk.core.fields import normal, number_of
from helpdesk.customers.fields import (
    PREFIX,
    About,
    CustomerFieldValue,
    OrganizationFieldValue,
    RecordField,
    record_fields,
)
from helpdesk.customers.history import note
from helpdesk.customers.imports.taken import Taken
from helpdesk.customers.models import Customer, Organization

FIELD = "_field"
"""Behind the kind of a record, in what it takes to undo a line."""
Texts = Mapping[RecordField, str]


class More:
    """What is filled in on the records of these lines, as far as their table has such columns."""

    def __init__(
        self,
        about: About,
        lines: Sequence[Mapping[str, str]],
        known: Iterable[Customer | Organization],
    ) -> None:
        self.about = about
        self.values: type[CustomerFieldValue] | type[OrganizationFieldValue] = (
            CustomerFieldValue if about is About.CUSTOMER else OrganizationFieldValue
        )
        self.whose = f"{about}_id"
        self.fields: dict[str, RecordField] = {}
        self.held: dict[tuple[int, int], str] = {}
        self.fresh: dict[tuple[int, int], str] = {}
        self.on_new: list[tuple[Customer | Organization, Texts]] = []
        if any(lines):
            self.fields = {field.key: field for field in record_fields(about)}
            self._read({row.id for row in known})

    def _read(self, ids: set[int]) -> None:
        whose = getattr(self.values, self.whose)
        held = select(whose, self.values.field_id, self.values.text).where(whose.in_(ids))
        self.held = {(row[0], row[1]): row[2] for row in ask(held)}

    def checked(self, texts: Mapping[str, str]) -> Texts:
        """Texts as they are kept. Raises Invalid for what cannot stand in its field."""
        if unknown := sorted(texts.keys() - self.fields.keys()):
            raise Invalid(f"There is no field {unknown[0]} any more.")
        return {self.fields[key]: normal(self.fields[key], text) for key, text in texts.items()}

    def fill(
        self, taken: Taken, row: Customer | Organization, texts: Texts, by: Account
    ) -> list[str]:
        """Fill in fields of a record; gives back the labels of what changed, none of a new one."""
        if texts and row in session.new:
            self.on_new.append((row, texts))
            return []
        changed = []
        for field, text in texts.items():
            before = self.held.get((row.id, field.id), "")
            if text == before:
                continue
            self._set(row.id, field, text)
            name = f"{PREFIX}{field.key}"[:40]
            note(row, name, before or None, text or None, by=by, source="import")
            taken.before.append([f"{self.about}{FIELD}", row.id, field.key, before, text])
            changed.append(field.label)
        return changed

    def _set(self, id_: int, field: RecordField, text: str) -> None:
        here = (id_, field.id)
        if here in self.held and here not in self.fresh:
            this = (getattr(self.values, self.whose) == id_, self.values.field_id == field.id)
            values = {"text": text, "number": number_of(field, text)}
            session.execute(update(self.values).where(*this).values(**values))
        else:
            self.fresh[here] = text
        self.held[here] = text

    def keep_for(self, id_: int, texts: Texts) -> None:
        """Fill in fields of somebody who was just added."""
        for field, text in texts.items():
            self._set(id_, field, text)

    def add(self) -> None:
        """Add what was not filled in before, at once; new records have their ids by now."""
        for row, texts in self.on_new:
            self.keep_for(row.id, texts)
        by_id = {field.id: field for field in self.fields.values()}
        rows = [
            {
                self.whose: id_,
                "field_id": field_id,
                "text": text,
                "number": number_of(by_id[field_id], text),
            }
            for (id_, field_id), text in self.fresh.items()
        ]
        self.on_new, self.fresh = [], {}
        if rows:
            session.execute(insert(self.values), rows)
