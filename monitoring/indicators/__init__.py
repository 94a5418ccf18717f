"""The figures of the quarterly monitoring: what each counts, its value for any unit, and the very objects it counted.

Ask `values` for figures and `evidence` for the objects behind one; both read the same queryset (design, 6).
"""

from monitoring.indicators.base import FigureKind, Indicator, Level, Value
from monitoring.indicators.catalogue import CATALOGUE, SECTIONS, by_code
from monitoring.indicators.reading import evidence, values

__all__ = [
    "CATALOGUE",
    "SECTIONS",
    "FigureKind",
    "Indicator",
    "Level",
    "Value",
    "by_code",
    "evidence",
    "values",
]
