"""The doors of /cuenta/: exactly those pages of django-allauth that this site offers, under Spanish paths.

The names are django-allauth's, because it looks its pages up by them. What is not listed here
(addresses of e-mail, connections, sign-in by code, passkeys) cannot be reached at all.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from portal.foundation.people.views.account import AccountStartView, SignOutView, TotpQrView

urlpatterns = [
    path("", AccountStartView.as_view(), name="account_start"),
    path("ingresar/", account.login, name="account_login"),
    path("salir/", SignOutView.as_view(), name="account_logout"),
    path("crear/", account.signup, name="account_signup"),
    path("cerrada/", account.account_inactive, name="account_inactive"),
    path("confirmar/", account.reauthenticate, name="account_reauthenticate"),
    path("clave/cambiar/", account.password_change, name="account_change_password"),
    path("clave/recuperar/", account.password_reset, name="account_reset_password"),
    path("clave/recuperar/enviado/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^clave/nueva/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("clave/nueva/lista/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("segundo-paso/", mfa.index, name="mfa_index"),
    path("segundo-paso/ingresar/", mfa.authenticate, name="mfa_authenticate"),
    path("segundo-paso/confirmar/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("segundo-paso/aplicacion/activar/", totp.activate_totp, name="mfa_activate_totp"),
    path("segundo-paso/aplicacion/qr.svg", TotpQrView.as_view(), name="totp_qr"),
    path("segundo-paso/aplicacion/quitar/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("segundo-paso/codigos/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("segundo-paso/codigos/nuevos/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("segundo-paso/codigos/descargar/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]
