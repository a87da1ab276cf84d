"""The secrets of the settings that no upstream knows of, told to what cleans the log."""

from urllib.parse import urlsplit

from django.conf import settings

from orders.domain.redaction import process_redactor


def tell_redactor() -> None:
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS, settings.METRICS_TOKEN]
    known.append(settings.EMAIL_HOST_PASSWORD)
    known.append(settings.DATABASES["default"].get("PASSWORD") or "")
    known.append(settings.STORAGES["exports"].get("OPTIONS", {}).get("secret_key") or "")
    known.append(urlsplit(settings.CELERY_BROKER_URL).password or "")
    for provider in settings.SOCIALACCOUNT_PROVIDERS.values():
        known += [app.get("secret", "") for app in provider.get("APPS", [])]
    for given in settings.UPSTREAMS.values():
        known += [given.get(name, "") for name in ("api_key", "access_token", "client_secret")]
    for secret in known:
        if secret:
            process_redactor().add(secret, lasting=True)
