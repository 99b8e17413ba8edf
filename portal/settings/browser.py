"""What the browser is told: content policy, forms' renderer, static files, compression."""

from __future__ import annotations

from typing import Any

FORM_RENDERER = "portal.foundation.ui.rendering.UIRenderer"

_SELF = ["'self'"]
_STRICT: dict[str, Any] = {
    "default-src": _SELF,
    "base-uri": ["'none'"],
    "object-src": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": _SELF,
    "img-src": ["'self'", "data:"],
}

CONTENT_SECURITY_POLICY = {"DIRECTIVES": _STRICT}

#: The content editor and the administration draw inline styles and scripts, and preview in a frame.
EDITOR_PREFIXES = ("/cms/", "/django-admin/")
EDITOR_DIRECTIVES = {
    **_STRICT,
    "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-src": _SELF,
    "frame-ancestors": _SELF,
}

WHITENOISE_MAX_AGE = 3600

#: The page of all components, at /estilo/; always shown in DEBUG.
SHOW_STYLE_GUIDE = False
