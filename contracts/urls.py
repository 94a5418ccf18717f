"""Routes of the contracts room."""

from django.urls import path

from contracts.views import contracts, followup, listing

app_name = "contracts"

urlpatterns = [
    path("contracts/", listing.contracts, name="contracts"),
    path("cases/<int:pk>/contracts/", contracts.of_case, name="of_case"),
    path("families/<int:pk>/contracts/new/", contracts.register, name="register"),
    path("contracts/<int:pk>/", contracts.contract, name="contract"),
    path("contracts/<int:pk>/edit/", contracts.edit, name="edit"),
    path("contracts/<int:pk>/end/", contracts.end, name="end"),
    path("contracts/<int:pk>/stop/", followup.stop, name="stop"),
    path("contracts/<int:pk>/resume/", followup.resume, name="resume"),
    path("contracts/<int:pk>/conclusion/", contracts.conclusion, name="conclusion"),
    path("contracts/<int:pk>/print/", contracts.summary, name="summary"),
    path("sheets/<int:pk>/", followup.sheet, name="sheet"),
    path("sheets/<int:pk>/fill/", followup.sheet_fill, name="sheet_fill"),
    path("sheets/<int:pk>/print/", followup.sheet_print, name="sheet_print"),
]
