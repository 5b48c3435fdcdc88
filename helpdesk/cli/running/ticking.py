"""The clock: puts the timetable's lines into the queues when they are due.

A line's job carries the slot of time it belongs to, so two clocks give one run. Nothing depends on
a tick: what is due is a row, and the next tick finds it.
"""

import logging
import threading
from collections.abc import Sequence

from redis.exceptions import RedisError

from helpdesk.core.clock import now
from helpdesk.core.health import show_up
from helpdesk.schedule import Line

log = logging.getLogger(__name__)


class Clock:
    """Remembers which slot of each line it has put into its queue."""

    def __init__(self, timetable: Sequence[Line]) -> None:
        self.timetable = timetable
        self.slots: dict[str, int] = {}
        self.redis_away = False

    def tick(self) -> None:
        """Put every line that entered a new slot into its queue; Redis away: try again later."""
        moment = now().timestamp()
        try:
            for line in self.timetable:
                slot = int(moment // line.every)
                if self.slots.get(line.name) != slot:
                    line.job.wake_once(str(slot), ttl=line.every)
                    self.slots[line.name] = slot
                    show_up("clock")
        except RedisError as error:
            if not self.redis_away:
                log.warning("The clock waits for Redis: %s", error)
            self.redis_away = True
        else:
            if self.redis_away:
                log.warning("Redis is back; the clock goes on.")
            self.redis_away = False

    def run(self, stop: threading.Event) -> None:
        """Tick twice a second until told to stop."""
        while not stop.wait(0.5):
            self.tick()
