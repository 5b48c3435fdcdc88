"""Pages about customers who may leave."""

from helpdesk.churn.views import backtests, flags, playbooks, weights
from helpdesk.churn.views.blueprint import bp

__all__ = ["backtests", "bp", "flags", "playbooks", "weights"]
