"""Routes of the partners room."""

from django.urls import path

from partners.views import agreements, register, volunteers

app_name = "partners"

urlpatterns = [
    path("", register.register, name="register"),
    path("new/", register.partner_new, name="partner_new"),
    path("<int:pk>/", register.partner, name="partner"),
    path("<int:pk>/edit/", register.partner_edit, name="partner_edit"),
    path("<int:pk>/contacts/new/", register.contact_new, name="contact_new"),
    path("contacts/<int:pk>/edit/", register.contact_edit, name="contact_edit"),
    path("agreements/new/", agreements.agreement_new, name="agreement_new"),
    path("agreements/<int:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/edit/", agreements.agreement_edit, name="agreement_edit"),
    path("agreements/<int:pk>/approve/", agreements.agreement_approve, name="agreement_approve"),
    path("agreements/<int:pk>/terminate/", agreements.agreement_terminate, name="agreement_terminate"),
    path("agreements/<int:pk>/print/", agreements.agreement_print, name="agreement_print"),
    path("volunteers/", volunteers.volunteers, name="volunteers"),
    path("volunteers/new/", volunteers.volunteer_new, name="volunteer_new"),
    path("volunteers/<int:pk>/edit/", volunteers.volunteer_edit, name="volunteer_edit"),
]
