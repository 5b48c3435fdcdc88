"""Charts drawn by the server: geometry in Python, SVG in small templates, values in a table.

A chart is a frozen value that a page prints with `{{ chart }}`. Nothing in it is styled in
place; the classes `chart-…` carry the look. A missing value is a gap, never a zero. Titles
must differ within a page, because names for screen readers are made from them.
"""

from helpdesk.reports.axis import COUNT, HOURS, PERCENT, POINTS, TONE, Unit
from helpdesk.reports.bars import Bar, bar_chart, row_chart
from helpdesk.reports.drawing import Chart
from helpdesk.reports.lines import Annotation, Band, Series, Slot, line_chart, sparkline

__all__ = [
    "COUNT",
    "HOURS",
    "PERCENT",
    "POINTS",
    "TONE",
    "Annotation",
    "Band",
    "Bar",
    "Chart",
    "Series",
    "Slot",
    "Unit",
    "bar_chart",
    "line_chart",
    "row_chart",
    "sparkline",
]
