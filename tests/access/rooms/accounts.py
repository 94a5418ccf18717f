"""Routes about the signed-in person: their inbox, profile and journal."""

from tests.access.routes import form, listing, page, post

ROUTES = [
    page("home", "profile.read"),
    post("appointment_switch", "profile.write", state=True),
    post("language", "profile.write", public=True, data={"language": "ru"}),
    form("profile", "profile.write", data={"language": "ru"}),
    listing("inbox", "notification.list"),
    post("inbox_read", "notification.write"),
    post("notification_open", "notification.read", at="notification"),
    listing("journal", "access_journal.list"),
]
