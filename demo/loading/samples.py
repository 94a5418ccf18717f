"""The sample of an internal check in a demo region: what its director has opened to the auditor."""

from datetime import date

from accounts.models import User
from common.calendar import add_months
from demo.structure import RegionData
from families.models import Family
from families.services.samples import grant_sample

CHECKED = 5
NOTE = "Плановая проверка: посещения на дому и сроки программ"


def load_sample(data: RegionData, today: date) -> None:
    """Open a few families of the home institution to the region's auditor for a month, with their cases on the way."""
    director = User.objects.get(username=f"director@{data.code}.demo")
    families = Family.objects.in_charge(director).exclude(curator=None).order_by("pk")[:CHECKED]
    grant_sample(
        actor=director,
        auditor=User.objects.get(username=f"auditor@{data.code}.demo"),
        families=families,
        ends_on=add_months(today, 1),
        note=NOTE,
    )
