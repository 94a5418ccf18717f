"""Who signs a paper, and for whom: a deputy signs «И. о.» with the post and the name of the person stood in for."""

from datetime import date

from django.db.models import F
from django.utils.text import capfirst

from accounts.enums import Role
from accounts.models import Appointment, Institution, User
from common.names import FEMALE, Case, decline_person, decline_post, decline_short, phrase_in, sex_by
from common.text import NBSP, full_name_parts, mid_line


def stood_in_for(actor: User) -> User | None:
    """The person whose post `actor` fills in now; None for whoever works in a post of their own.

    An act keeps the answer beside its actor, so that its paper still names both when the deputyship is over.
    """
    post = actor.appointment.deputy_for if actor.appointment else None
    return post.user if post else None


def signatory(person: User, principal: User | None = None, *, default: str = "", title: str = "") -> dict[str, str]:
    """The line of a signature: the post, and the name of who signs (clarifications, Accounts).

    The post is `title` where the paper itself names it, else the person's own, else `default`. A deputy signs in the
    post of `principal`, who is named with it: «И. о. заведующего отделением Ивановой М. С.».
    """
    post = title or (principal or person).post or default
    if principal is None:
        return {"post": capfirst(post), "name": person.get_short_name()}
    return {"post": f"И.{NBSP}о. {_post_and_name(post, principal)}", "name": person.get_short_name()}


def acting_post(principal: User, *, default: str) -> str:
    """The post of a deputy as it stands within a sentence: «и. о. директора Петрова И. И.»."""
    return f"и.{NBSP}о. {_post_and_name(principal.post or default, principal)}"


def represented(post: str, name: str, ground: str) -> str:
    """By whom a party to an agreement is represented, as its preamble says it.

    «в лице директора Черных Татьяны Леонидовны, действующей на основании устава»; where a post, a name or a ground that
    was typed freely cannot be declined for sure, words that are right without it.
    """
    post, parts = mid_line(post), full_name_parts(name)
    sex = sex_by(parts[-1]) if parts else ""
    in_genitive = phrase_in(post, Case.GENITIVE)
    by_ground = phrase_in(ground, Case.GENITIVE)
    if parts is None or not sex or in_genitive is None:
        return f"от имени которого действует {post} {name}" + (f" (основание полномочий: {ground})" if ground else "")
    words = f"в лице {in_genitive} {decline_person(*parts, case=Case.GENITIVE, sex=sex)}"
    if by_ground:
        return f"{words}, {'действующей' if sex == FEMALE else 'действующего'} на основании {by_ground}"
    return f"{words} (основание полномочий: {ground})" if ground else words


def signing_post(institution: Institution, on: date) -> Appointment | None:
    """The post in which a person signs for the institution on `on`: the director's deputy comes before the director."""
    posts = Appointment.objects.in_force(on).filter(role=Role.DIRECTOR, institution=institution)
    deputies_first = F("deputy_for").asc(nulls_last=True)
    return posts.select_related("user", "deputy_for__user").order_by(deputies_first, "-starts_on", "pk").first()


def _post_and_name(post: str, principal: User) -> str:
    """A post in the genitive, and whose it is."""
    name = decline_short(principal.last_name, principal.first_name, principal.patronymic, case=Case.GENITIVE)
    return f"{decline_post(mid_line(post), Case.GENITIVE)} {name}"
