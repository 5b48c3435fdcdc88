"""Whether work grows in step with its input: a ratio within one run, for machines are shared."""

from collections.abc import Callable
from time import process_time
from typing import TypeVar

STEP = 16
"""How many times larger the large input is."""
SLACK = 4
"""What a busy machine may add; work that grows with the square takes `STEP` times too long."""
SMALLEST = 0.01
"""Seconds below which a measure of the small input says nothing."""

Input = TypeVar("Input")


def assert_in_step(
    make: Callable[[int], Input], work: Callable[[Input], object], size: int
) -> None:
    """Fail where `work` on `make(size)` takes far more than `STEP` times what a `STEP`th takes."""
    small = max(SMALLEST, _seconds(work, make(size // STEP)))
    assert _seconds(work, make(size)) < STEP * SLACK * small


def _seconds(work: Callable[[Input], object], given: Input) -> float:
    """Of this process, for others take the processor as they please."""
    began = process_time()
    work(given)
    return process_time() - began
