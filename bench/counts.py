"""How long it takes to count what ten saved views hold, as the rail of every page shows it."""

from statistics import median, quantiles
from time import perf_counter

from flask import Flask
from sqlalchemy import select

from helpdesk.accounts.models import Account, Role
from helpdesk.core.db import session, transaction
from helpdesk.desk.counting import count_anew
from helpdesk.desk.queries import Known

TIMES = 40
VIEWS = (
    "status:open assignee:none",
    "status:open assignee:me",
    "status:open priority>=high",
    "is:open team:billing",
    "is:open tag:refund",
    "is:open sentiment:negative",
    "is:open sla:breaching",
    "is:open flag:churn",
    "status:pending channel:portal",
    "status:resolved score<=2",
)


def measure(app: Flask) -> dict[str, float]:
    """Median and p95 of counting the ten views together, in ms, nothing of it kept."""
    views = tuple(Known(False, n, f"View {n}", n, text) for n, text in enumerate(VIEWS, 1))
    with app.app_context():
        with transaction(write=False):
            agents = select(Account.id).where(Account.role == Role.AGENT).order_by(Account.id)
            agent_id = session.scalar(agents.limit(1))
        if agent_id is None:
            return {}
        times = [_counting(agent_id, views) for _ in range(TIMES)]
        session.remove()
    return {"p50_ms": median(times), "p95_ms": quantiles(times, n=20)[-1]}


def _counting(viewer_id: int, views: tuple[Known, ...]) -> float:
    with transaction(write=False):
        viewer = session.get_one(Account, viewer_id)
        started = perf_counter()
        wrong = [view.name for view in count_anew(viewer, views) if view.held is None]
        took = 1000 * (perf_counter() - started)
    if wrong:
        raise LookupError(f"Filters that are not understood: {', '.join(wrong)}")
    return took
