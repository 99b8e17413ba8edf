"""Which applications run, in which order, and the middleware around them."""

OURS = [
    "portal.demo",
    "portal.pages",
    "portal.dashboards",
    "plans",
    "codesign",
    "surveys",
    "quality",
    "benefits_core",
    "portal.foundation.ui",
    "portal.foundation.reporting",
    "portal.foundation.offers",
    "portal.foundation.indicators",
    "portal.foundation.documents",
    "portal.foundation.receipts",
    "portal.foundation.messages",
    "portal.foundation.files",
    "portal.foundation.people",
    "portal.foundation.cycles",
    "portal.foundation.clocks",
    "portal.foundation.territories",
    "portal.foundation.audit",
    "portal.foundation.jobs",
]

WAGTAIL = [
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
]

ACCESS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "csp",
]

DJANGO = [
    "portal.foundation.people.administration.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "django_filters",
    "django_htmx",
]

# The store of the surveys' answers, reached through surveys/engine.py alone.
STORE = ["surveys.apps.SurveyStoreConfig"]

INSTALLED_APPS = OURS + WAGTAIL + ACCESS + STORE + DJANGO

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.foundation.ui.middleware.NullByteMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.foundation.files.middleware.BodyLimitMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.foundation.people.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.foundation.ui.middleware.ContentPolicyMiddleware",
    "axes.middleware.AxesMiddleware",
]
