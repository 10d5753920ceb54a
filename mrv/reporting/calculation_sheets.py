"""The calculation sheets that are deposited with a filing: `mrv workbook heat` and `mrv workbook coal`.

Every result is a live formula whose value we have computed as well, so that it shows before the first recalculation.
"""

from mrv.reporting.calculation_coal import coal_workbook
from mrv.reporting.calculation_heat import heat_workbook

__all__ = ["coal_workbook", "heat_workbook"]
