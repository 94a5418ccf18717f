"""The sign-in library's routes, below /accounts/. Those closed here keep their names, which the library looks up."""

from django.urls import include, path, re_path

from accounts.views import sign_in

urlpatterns = [
    path("signup/", sign_in.closed, name="account_signup"),
    path("email/", sign_in.closed, name="account_email"),
    path("confirm-email/", sign_in.closed, name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", sign_in.closed, name="account_confirm_email"),
    path("login/code/confirm/", sign_in.closed, name="account_confirm_login_code"),
    path("password/reset/", sign_in.password_reset, name="account_reset_password"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
