"""Seconds between two moments, computed by the database: SQLite and PostgreSQL say it each in
their own way, and both give whole seconds of the same value."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[int]):  # noqa: N801 - reads like the functions of SQL
    """`seconds_between(earlier, later)`: calendar time in whole seconds; each moment counts from
    the beginning of its second."""

    type = BigInteger()
    inherit_cache = True

    @property
    def moments(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """The earlier and the later."""
        earlier, later = self.clauses
        return earlier, later


class second_of(FunctionElement[int]):  # noqa: N801 - likewise
    """`second_of(moment)`: the second in which it lies, counted from 1970."""

    type = BigInteger()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
@compiles(seconds_between, "postgresql")
def _difference(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    earlier, later = (compiler.process(second_of(each), **options) for each in element.clauses)
    return f"({later} - {earlier})"


@compiles(second_of, "sqlite")
def _on_sqlite(element: second_of, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


@compiles(second_of, "postgresql")
def _on_postgresql(element: second_of, compiler: SQLCompiler, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {moment})) AS BIGINT)"
