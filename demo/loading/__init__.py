"""Turning the demo's plain data into rows: units, people who work there, families and two years of their history.

Everything is deterministic (a seed per region) and dated relative to the region's today, so that something is overdue
on whatever day the demo is started. What there is to do goes through the services of the rooms; the long history is
written in bulk, as those services would have left it.
"""

import random

from accounts.models import User
from casework.services.periods import working_calendar
from demo.loading.bodies import seat_everybody, seat_sign_ins
from demo.loading.councils import load_coming_sessions, load_past_sessions
from demo.loading.deputies import load_deputy
from demo.loading.families import load_families
from demo.loading.partners import load_contract_specialist, load_partners
from demo.loading.samples import load_sample
from demo.loading.sittings import Sittings
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
    bodies = seat_everybody(data, units.region, people)
    secretary = User.objects.get(username=f"secretary@{data.code}.demo")
    home = next(institution for institution, department in data.departments() if department.code == staff.home)
    place = units.institutions[home.code].pk, units.territories[home.municipalities[0]].pk
    sittings = Sittings(bodies, place, working_calendar(units.region), today)
    chair = seat_sign_ins(data, units.region, sittings.main)
    load_partners(data, units.region, people, today)
    load_contract_specialist(data, units.region, today)
    families = load_families(
        data, units=units, staff=staff, people=people, sittings=sittings, chance=chance, today=today
    )
    load_past_sessions(units.region, sittings, secretary, today)
    load_coming_sessions(sittings, secretary=secretary, chair=chair, today=today)
    load_sample(data, today)
    load_deputy(units.departments[staff.home], staff.heads[staff.home], staff.specialists[staff.home][0], today)
    return families
