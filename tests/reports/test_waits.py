"""Times in pieces are the times themselves: nothing is rounded."""

from itertools import chain
from random import Random

import pytest

from helpdesk.reports import waits
from helpdesk.reports.counting import quantile
from helpdesk.reports.waits import LONGEST, Waits


@pytest.mark.parametrize("few", [0, waits.FEW])
def test_pieces_read_like_one_sorted_list(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waits, "FEW", few)
    draw = Random(3)
    parts = [[draw.choice((-5, 7, draw.randint(0, 10**6))) for _ in range(n)] for n in (9, 0, 40)]
    found, every = Waits.joined(map(Waits, parts)), sorted(chain(*parts))
    assert len(found) == len(every)
    assert [found[place] for place in range(len(every))] == every
    assert (found[-1], found[2:5], list(found)) == (every[-1], every[2:5], every)
    assert quantile(found, 0.9) == quantile(every, 0.9)
    assert found.longer_than(7) == sum(each > 7 for each in every)
    with pytest.raises(IndexError):
        found[len(every)]


def test_the_same_times_are_kept_as_the_same_text_and_come_back() -> None:
    one = Waits.joined([Waits([3, 1]), Waits([2**31 + 7, -9])])
    assert one.packed() == Waits([1, -9, 3, LONGEST]).packed()
    assert Waits.unpacked(one.packed()) == [-9, 1, 3, LONGEST]
    assert Waits.unpacked(Waits().packed()) == []
