"""The five regions of the demo, in the order in which they are listed on its sign-in page."""

from demo.regions.novgorod import NOVGOROD
from demo.regions.primorye import PRIMORYE
from demo.regions.tatarstan import TATARSTAN
from demo.regions.tula import TULA
from demo.regions.vladimir import VLADIMIR
from demo.structure import RegionData

REGIONS: tuple[RegionData, ...] = (PRIMORYE, TULA, VLADIMIR, TATARSTAN, NOVGOROD)
