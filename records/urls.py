"""Routes of the records room."""

from django.urls import path

from records import views

app_name = "records"

urlpatterns = [
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
    path("attachments/<int:pk>/withdraw/", views.attachment_cancel, name="attachment_cancel"),
    path("attachments/<str:owner_kind>/<int:owner_id>/new/", views.attachment_new, name="attachment_new"),
    path("documents/<int:pk>/", views.document, name="document"),
    path("work/<int:pk>/", views.work, name="work"),
    path("drafts/<str:key>/", views.draft, name="draft"),
    path("drafts/<str:key>/discard/", views.draft_discard, name="draft_discard"),
]
