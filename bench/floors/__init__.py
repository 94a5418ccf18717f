"""The floors: what the same work costs by hand-written SQL. Whoever can write a better floor is welcome to."""

from pathlib import Path

_FOLDER = Path(__file__).parent


def floor(name: str, **parts: str) -> str:
    """The statement `name`.sql; `parts` are put in for {names}, parameters stay for psycopg."""
    return (_FOLDER / f"{name}.sql").read_text().format(**parts)
