"""Django's settings. What differs between places comes from a few environment variables:

PULS_DATA      the data folder (default: var/ in the project)
PULS_ADDRESS   where people reach Puls, for example https://puls.example.no
               (default: where it was served last, else http://127.0.0.1:8000);
               https turns on everything that needs it
PULS_PACK      the pack, default the one the data folder was set up with, else kulturskole
DATABASE_URL   a PostgreSQL server of your own instead of the one that comes along
EMAIL_URL      where e-mail goes, for example smtp+tls://user:password@mail.example.no:587
               (default: files in the data folder's mail/); EMAIL_FROM is the sender's address
SECRET_KEY     default: made once and kept in the data folder
PULS_FETCH     the hosts that registers may be fetched from each night, with commas between:
               https://data.ssb.no (default: none, nothing is asked over the net)
PULS_PROXIES   how many proxies stand in front of Puls and name the client
               (default 1 with https, as somebody has to end it, else 0)
"""

import os
from pathlib import Path

from django.conf.locale import LANG_INFO

from puls.web import address, database, embedded, environment, mail
from puls.web.demo import basics
from puls.web.packs import pack

HERE = Path(__file__).parent
PULS_DATA = embedded.make_data_folder(database.data_folder())
PULS_PACK = pack().key
PULS_DEMO = basics.is_begun(PULS_DATA)
"""Whether all that is here was made up, so that also pages of no administration say it."""
PULS_ADDRESS = address.of(PULS_DATA)
PULS_FETCH = environment.origins("PULS_FETCH", os.environ.get("PULS_FETCH", ""))
_address = environment.address(
    "PULS_ADDRESS", PULS_ADDRESS, "https://puls.example.no", ("http", "https")
)
_secure = _address.scheme == "https"
_proxies = environment.count(
    "PULS_PROXIES", os.environ.get("PULS_PROXIES", "1" if _secure else "0")
)

SECRET_KEY = database.secret_key(PULS_DATA)
DEBUG = False
ALLOWED_HOSTS = address.hosts(str(_address.hostname))
CSRF_TRUSTED_ORIGINS = [PULS_ADDRESS]

INSTALLED_APPS = [
    "puls.web.accounts",
    "puls.web.tenants",
    "puls.web.assess",
    "puls.web.thoughts",
    "puls.web.actions",
    "puls.web.media",
    "puls.web.own",
    "puls.web.improve",
    "puls.web.quality",
    "puls.web.collect",
    "puls.web.importing",
    "puls.web.releasing",
    "puls.web.meet",
    "puls.web.answer",
    "puls.web.see",
    "puls.web.follow",
    "puls.web.report",
    "puls.web.share",
    "puls.web.mine",
    "puls.web.data",
    "puls.web.composed",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    # The simple configuration: the other one rewrites the template loaders behind our back.
    "django_cotton.apps.SimpleAppConfig",
]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "puls.web.composed.keeping.keep",
    "django.middleware.security.SecurityMiddleware",
    "puls.web.middleware.content_security",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "puls.web.middleware.Keepable",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "puls.web.composed.keeping.just_wrote",
    "puls.web.middleware.own_eyes_only",
    "puls.web.middleware.own_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "puls.web.middleware.Sentences",
]
ROOT_URLCONF = "puls.web.urls"
WSGI_APPLICATION = "puls.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

FORM_RENDERER = "puls.web.forms.Renderer"

DATABASES = database.connections(PULS_DATA, SECRET_KEY)
DATABASE_ROUTERS = ["puls.web.database.OneDatabase"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        # All workers count attempts to log in together.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "puls_cache",
        "KEY_FUNCTION": "puls.web.accounts.limits.cache_key",
        # Far more than there ever are: with a full table counts would be thrown away.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_rules = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in {
        f"{_rules}.UserAttributeSimilarityValidator": {"user_attributes": ("email", "name")},
        "puls.web.accounts.passwords.LongEnough": {"min_length": 12},
        f"{_rules}.CommonPasswordValidator": {},
        f"{_rules}.NumericPasswordValidator": {},
    }.items()
]
PASSWORD_RESET_TIMEOUT = 4 * 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "puls.web.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "puls.web.accounts.forms.LoginForm",
    "reset_password": "puls.web.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "puls.web.accounts.forms.ResetPasswordKeyForm",
    "change_password": "puls.web.accounts.forms.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
"""An invitation is accepted from its e-mail: the address is known to be theirs."""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _address.scheme
ALLAUTH_TRUSTED_PROXY_COUNT = _proxies

ACCOUNT_RATE_LIMITS = {"meet_code": "20/5m/ip"}
"""Beside allauth's own: how often somebody may try a code of a meeting's room."""

SESSION_COOKIE_AGE = 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _secure
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SECURE_SSL_REDIRECT = _secure
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _proxies else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

FILE_UPLOAD_HANDLERS = [
    "puls.web.media.uploads.Bounded",
    "puls.web.media.uploads.NeverOnDisk",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_NUMBER_FILES = 10

LANGUAGES = [(code, LANG_INFO[code]["name_local"]) for code in pack().languages]
LANGUAGE_CODE = pack().languages[0]
LOCALE_PATHS = [pack().folder / "locale", HERE / "locale"]
"""The first wins: the sentences of pages in the pack's own words (`puls.web.saying`)."""
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "puls.web.bundled.Bundled"},
}
WHITENOISE_USE_FINDERS = True
"""Served from where the packages keep them: nothing to collect before the first start."""
WHITENOISE_AUTOREFRESH = False
WHITENOISE_IMMUTABLE_FILE_TEST = r"/static/vendor/.+-[A-Z0-9]{8}\.(css|js)$"

globals().update(mail.settings(os.environ.get("EMAIL_URL", ""), PULS_DATA / "mail"))
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", f"Puls <puls@{_address.hostname}>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_addresses": {"()": "puls.web.log.NoAddresses"}},
    "formatters": {"plain": {"()": "puls.web.log.NoDetails"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["no_addresses"],
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "puls": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
