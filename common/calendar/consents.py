"""Consents to the processing of personal data (R13; 152-FZ, article 9)."""

from datetime import date


def consent_in_force(
    given_on: date, day: date, *, valid_to: date | None = None, revoked_on: date | None = None
) -> bool:
    """Whether a consent allows an exchange on `day`: given, within its term, and not revoked on or before it."""
    return given_on <= day and (valid_to is None or day <= valid_to) and (revoked_on is None or day < revoked_on)
