"""Turning the demo's plain data into rows: units, people who work there, families and two years of their history.

Everything is deterministic (a seed per region) and dated relative to the region's today, so that something is overdue
on whatever day the demo is started. Units, staff and families go through the services of their rooms; the long
history is written in bulk, as those services would have left it.
"""

import random

from demo.loading.councils import load_councils
from demo.loading.families import load_families
from demo.loading.partners import load_partners
from demo.loading.staff import load_staff
from demo.loading.units import load_units
from demo.names import People
from demo.structure import RegionData

SEED = 20_201


def load_region(data: RegionData) -> int:
    """Load one region; return how many families it has."""
    units = load_units(data)
    today = units.region.today()
    chance = random.Random(f"{SEED}:{data.code}")  # noqa: S311 - repeatable, not secret
    people = People(data, seed=SEED, today=today)
    staff = load_staff(data, units, people)
    families = load_families(data, units=units, staff=staff, people=people, chance=chance, today=today)
    load_councils(data, units.region, people, today)
    load_partners(data, units.region, people, today)
    return families
