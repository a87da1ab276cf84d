"""What browsers may load: Django's own Content-Security-Policy from 6.0 on, django-csp's before.

Nothing else knows which of the two it is. The policy is the same.
"""

import django

NONE, SELF = "'none'", "'self'"
# No inline script or style anywhere, so neither nonces nor exceptions are needed. `data:` serves the
# small pictures inside Bootstrap's style sheet.
POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "object-src": [NONE],
}

APPS: list[str]
if django.VERSION >= (6, 0):
    APPS = []
    MIDDLEWARE = "django.middleware.csp.ContentSecurityPolicyMiddleware"
else:
    APPS = ["csp"]
    MIDDLEWARE = "csp.middleware.CSPMiddleware"
