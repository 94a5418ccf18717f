"""Routes of the monitoring room."""

from django.urls import path

from monitoring.views import contract_figures, home, rules

urlpatterns = [
    path("", home.home, name="home"),
    path("contracts/figures/", contract_figures.contract_figures, name="contract_figures"),
    path("rules/", rules.rules, name="automatic_rules"),
    path("rules/work/<int:pk>/retry/", rules.work_retry, name="work_retry"),
]
