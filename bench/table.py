"""Results as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.__main__ import Result

LINE = "{:<24}{:>8}{:>8}{:>7}{:>8}{:>7}{:>9}{:>7}{:>7}"


def show(result: Result) -> None:
    """Print one database's table."""
    print(f"\n{result.database}: {result.tickets:,} tickets, {result.messages:,} messages")
    print(LINE.format("", "p50 ms", "p95 ms", "ratio", "cpu ms", "ratio", "queries", "req/s", "n"))
    for page in result.pages:
        print(
            LINE.format(
                page["name"],
                f"{page['p50']:.1f}",
                f"{page['p95']:.1f}",
                f"{page['ratio']:.2f}",
                f"{page['cpu']:.1f}",
                f"{page['cpu_ratio']:.2f}",
                "" if page["queries"] is None else page["queries"],
                "" if page["rate"] is None else f"{page['rate']:.0f}",
                page["n"],
            )
        )
    print(f"Deep page beside page 1: {result.deep:.2f}")
    parts = ", ".join(f"{kind} {size / 1024:.1f}" for kind, size in result.weight.items())
    print(f"Queue on an empty cache, compressed KB: {parts}")
    memory = ", ".join(f"{kind} {size:.0f}" for kind, size in result.memory.items())
    print(f"Two web processes at rest, MB: {memory}")
    if result.health:
        night, single = result.health["night_minutes"], result.health["single_ms"]
        print(
            f"Health of 200,000 customers: {night:.1f} min; of one after an event: {single:.1f} ms"
        )
    if result.counts:
        p50, p95 = result.counts["p50_ms"], result.counts["p95_ms"]
        print(f"Ten saved views counted together: {p50:.1f} ms, p95 {p95:.1f}")
    if result.bulk:
        words = ", ".join(f"{name} {value:.2f}" for name, value in result.bulk.items())
        print(f"Bulk edit of 1,000 tickets: {words}")
