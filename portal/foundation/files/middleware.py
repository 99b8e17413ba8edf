"""A body that is far too large is refused before anything reads it, and one with too much in it plainly."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render

DRAIN_PIECE = 65536
DRAIN_AT_MOST = 256 * 1024 * 1024


class BodyLimitMiddleware:
    """Answers 413 with a page that says the limit: of the body, of a text, of the number of files.

    Interfaces for programs (``settings.PROGRAM_PATHS``) check their own, much smaller bodies.

    The body is read and dropped, within bounds, because a browser shows no answer that comes while
    it is still sending.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(settings.PROGRAM_PATHS):
            return self.get_response(request)  # answers programs in their own form
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.REQUEST_MAX_BYTES:
            return _refused(request, "files/too_large.html")
        try:
            _ = request.POST
        except RequestDataTooBig:
            return _refused(request, "files/too_long.html")
        except (TooManyFilesSent, TooManyFieldsSent):
            return _refused(request, "files/too_many.html")
        except UnreadablePostError:
            pass  # the visitor went away; whoever reads it next hears the same
        return self.get_response(request)


def _refused(request: HttpRequest, template: str) -> HttpResponse:
    length = request.META.get("CONTENT_LENGTH") or "0"
    left = min(int(length) if length.isdigit() else 0, DRAIN_AT_MOST)
    with suppress(UnreadablePostError):
        while left > 0 and (piece := request.read(min(left, DRAIN_PIECE))):
            left -= len(piece)
    # What was sent cannot be read a second time, and the page's frame asks for it.
    request._mark_post_parse_error()  # type: ignore[attr-defined]
    limits = {"limit": settings.FILE_MAX_BYTES, "files": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    return render(request, template, limits, status=413)
