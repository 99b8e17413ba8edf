"""Sign-in: django-allauth asks who you are, django-axes locks a guessed account, the second factor follows."""

from __future__ import annotations

from datetime import timedelta

DEMO_CODE = "000000"

# --- django-allauth: by e-mail, by invitation
ACCOUNT_ADAPTER = "portal.foundation.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the invitation's link, sent to the e-mail, is what proves it
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # counted in the cache; ours are counted in the database
ACCOUNT_FORMS = {
    "login": "portal.foundation.people.account_forms.LoginForm",
    "change_password": "portal.foundation.people.account_forms.ChangePasswordForm",
    "reset_password": "portal.foundation.people.account_forms.ResetPasswordForm",
    "reset_password_from_key": "portal.foundation.people.account_forms.ResetPasswordKeyForm",
    "reauthenticate": "portal.foundation.people.account_forms.ReauthenticateForm",
}

# --- Second factor
MFA_ADAPTER = "portal.foundation.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "portal.foundation.people.account_forms.AuthenticateForm",
    "reauthenticate": "portal.foundation.people.account_forms.CodeAgainForm",
    "activate_totp": "portal.foundation.people.account_forms.ActivateTOTPForm",
}

# --- django-axes: one account from one address
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_USERNAME_CALLABLE = "portal.foundation.people.adapters.axes_username"
AXES_CLIENT_IP_CALLABLE = "portal.foundation.people.limits.client_address"
AXES_SENSITIVE_PARAMETERS: list[str] = ["login", "code"]
AXES_VERBOSE = False
SIGN_IN_RECORDS_KEPT = timedelta(days=30)

# --- Sessions and links
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60

# --- Other doors of the content system are closed: one place to sign in, one to change a password
WAGTAILADMIN_LOGIN_URL = "cms_sign_in"
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False


def second_factor_code(*, demo: bool) -> str | None:
    """The code that passes any second factor of a demonstration, so that its users can be tried; None otherwise."""
    return DEMO_CODE if demo else None
