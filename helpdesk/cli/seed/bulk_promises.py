"""What is owed on the tickets of mass data that are not done: the same clocks, counted by the same
function, with what the watch would have found."""

from datetime import UTC, datetime

from helpdesk.cli.seed.bulk_case import Case
from helpdesk.cli.seed.bulk_loading import Sheet, moment
from helpdesk.cli.seed.promised import promise
from helpdesk.tickets.policies import Terms, in_force
from helpdesk.tickets.sla import Clock, Facts, Pause, running

Due = tuple[int | None, str | None, str | None]
"""The policy, when the next thing is due, and what it is."""
PAUSING = ("pending", "on_hold")


class Promises:
    """Counts the clocks of each ticket as it stands at `end`, in seconds since 1970."""

    def __init__(self, end: int) -> None:
        self.end = end
        self.clocks = Sheet(
            "sla_clock", "ticket_id", "target", "policy_id", "started_at", "length", "due_at",
            "left", "warned_at", "breached_at", "look_at", numbered=False,
        )  # fmt: skip
        self.pauses = Sheet("ticket_pause", "ticket_id", "status", "started_at", "started_by_id")
        self.policies: list[Terms] = []

    @property
    def sheets(self) -> list[Sheet]:
        """The tables this fills."""
        return [self.clocks, self.pauses]

    def begin(self) -> None:
        """Find the policies that count, or make some."""
        if not in_force():
            promise(_at(self.end), _at(self.end))
        self.policies = in_force()

    def keep(self, case: Case) -> Due:
        """Write what is owed on the ticket; of those that are done nothing is."""
        policy = self._policy_for(case)
        if case.status in ("resolved", "closed") or policy is None:
            return None, None, None
        pauses: tuple[Pause, ...] = ()
        if case.status in PAUSING:
            self.pauses.add(case.id, case.status, moment(case.active), case.agent.id)
            pauses = (Pause(_at(case.active), None),)
        owed = running(self._facts(case, pauses), policy.targets, policy.hours)
        for clock in owed:
            self._put(case.id, policy.id, clock)
        due = min(((c.due_at, c.target.value) for c in owed if c.due_at), default=None)
        if due is not None:
            return policy.id, _text(due[0]), due[1]
        return policy.id, None, owed[0].target.value if owed else None

    def _policy_for(self, case: Case) -> Terms | None:
        """The first that fits; of all conditions a case knows its priority alone."""
        for policy in self.policies:
            others = policy.team_ids or policy.tags or policy.organization_ids
            if not others and (not policy.priorities or case.priority in policy.priorities):
                return policy
        return None

    def _facts(self, case: Case, pauses: tuple[Pause, ...]) -> Facts:
        return Facts(
            created_at=_at(case.created),
            asked_at=_at(case.created),
            replied_at=_at(case.last_reply) if case.last_reply else None,
            waiting_since=_at(case.waiting) if case.waiting else None,
            is_answered=case.first_reply is not None,
            waits_for_customer=case.status == "pending",
            pauses=pauses,
        )

    def _put(self, ticket_id: int, policy_id: int, clock: Clock) -> None:
        end = _at(self.end)
        late = clock.due_at is not None and clock.due_at < end
        warned = late or (clock.warn_at is not None and clock.warn_at < end)
        look_at = None if late else clock.due_at if warned else clock.warn_at
        left = int(clock.left.total_seconds()) if clock.is_paused else None
        self.clocks.put(
            ticket_id, clock.target.value, policy_id, _text(clock.started_at),
            int(clock.length.total_seconds()), _text(clock.due_at), left,
            _text(clock.warn_at) if warned else None, _text(clock.due_at) if late else None,
            _text(look_at),
        )  # fmt: skip


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _text(at: datetime | None) -> str | None:
    return moment(int(at.timestamp())) if at else None
