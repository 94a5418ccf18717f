"""Routes of the families room."""

from django.urls import path

from families.views import card, circumstances, members, papers, register, restriction, samples, search

app_name = "families"

urlpatterns = [
    path("", search.find, name="search"),
    path("names/", search.names, name="names"),
    path("new/", register.new, name="new"),
    path("transfer/", register.transfer, name="transfer"),
    path("samples/", samples.samples, name="samples"),
    path("samples/new/", samples.sample_new, name="sample_new"),
    path("samples/<int:pk>/", samples.sample, name="sample"),
    path("samples/<int:pk>/end/", samples.sample_end, name="sample_end"),
    path("<int:pk>/", card.card, name="card"),
    path("<int:pk>/reason/", search.reason, name="reason"),
    path("<int:pk>/history/", card.history, name="history"),
    path("<int:pk>/readers/", card.readers, name="readers"),
    path("<int:pk>/edit/", members.edit, name="edit"),
    path("<int:pk>/members/new/", members.member_new, name="member_new"),
    path("members/<int:pk>/person/", members.person_edit, name="person_edit"),
    path("members/<int:pk>/edit/", members.membership_edit, name="membership_edit"),
    path("members/<int:pk>/end/", members.membership_end, name="membership_end"),
    path("<int:pk>/traits/new/", circumstances.trait_new, name="trait_new"),
    path("traits/<int:pk>/edit/", circumstances.trait_edit, name="trait_edit"),
    path("<int:pk>/categories/new/", circumstances.category_new, name="category_new"),
    path("categories/<int:pk>/edit/", circumstances.category_edit, name="category_edit"),
    path("<int:pk>/status/", circumstances.status, name="status"),
    path("<int:pk>/risk-group/", circumstances.risk_group, name="risk_group"),
    path("<int:pk>/income/new/", circumstances.income_new, name="income_new"),
    path("income/<int:pk>/edit/", circumstances.income_edit, name="income_edit"),
    path("income/<int:pk>/withdraw/", circumstances.income_withdraw, name="income_withdraw"),
    path("<int:pk>/external/new/", circumstances.external_new, name="external_new"),
    path("external/<int:pk>/edit/", circumstances.external_edit, name="external_edit"),
    path("<int:pk>/consents/new/", papers.consent_new, name="consent_new"),
    path("consents/<int:pk>/", papers.consent, name="consent"),
    path("consents/<int:pk>/print/", papers.consent_print, name="consent_print"),
    path("consents/<int:pk>/withdrawal/", papers.consent_withdrawal_print, name="consent_withdrawal_print"),
    path("consents/<int:pk>/publication/", papers.consent_publication_print, name="consent_publication_print"),
    path("consents/<int:pk>/revoke/", papers.consent_revoke, name="consent_revoke"),
    path("<int:pk>/statements/new/", papers.statement_new, name="statement_new"),
    path("statements/<int:pk>/", papers.statement, name="statement"),
    path("statements/<int:pk>/print/", papers.statement_print, name="statement_print"),
    path("statements/<int:pk>/withdraw/", papers.statement_withdraw, name="statement_withdraw"),
    path("<int:pk>/restrict/", restriction.restrict, name="restrict"),
    path("<int:pk>/unrestrict/", restriction.unrestrict, name="unrestrict"),
    path("<int:pk>/grants/", restriction.grants, name="grants"),
    path("<int:pk>/grants/<int:grant_pk>/revoke/", restriction.grant_revoke, name="grant_revoke"),
]
