"""Seconds between two moments, computed by the database: SQLite and PostgreSQL say it each in
their own way, and both give whole seconds of the same value."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[int]):  # noqa: N801 - reads like the functions of SQL
    """`seconds_between(earlier, later)`: calendar time in whole seconds; each moment counts from
    the beginning of its second."""

    type = BigInteger()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _on_sqlite(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = _texts(element, compiler, options)
    return (
        f"(CAST(strftime('%s', {later}) AS INTEGER) - CAST(strftime('%s', {earlier}) AS INTEGER))"
    )


@compiles(seconds_between, "postgresql")
def _on_postgresql(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = _texts(element, compiler, options)
    floors = (f"FLOOR(EXTRACT(EPOCH FROM {moment}))" for moment in (later, earlier))
    return f"CAST({' - '.join(floors)} AS BIGINT)"


def _texts(element: seconds_between, compiler: SQLCompiler, options: Any) -> list[str]:
    return [compiler.process(clause, **options) for clause in element.clauses]
