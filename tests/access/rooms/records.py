"""Routes of papers and drafts: a paper opens with the rights of the record it belongs to."""

from tests.access.routes import form, page, post

ROUTES = [
    page("records:attachment", "attachment.read", at="attachment"),
    form("records:attachment_new", "attachment.write", at="attachment_owner"),
    form("records:attachment_cancel", "attachment.write", at="attachment"),
    page("records:document", "issued_document.read", at="document"),
    post("records:draft", "profile.write", at="draft"),
    post("records:draft_discard", "profile.write", at="draft"),
]
