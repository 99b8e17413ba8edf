"""The style guide, served while developing and testing only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.generic import FormView

from portal.foundation.people.access import PUBLIC, PolicyMixin
from portal.foundation.ui import examples


class StyleGuideView(PolicyMixin, FormView):
    """Every component and kind of field; an empty post shows every error."""

    policy = PUBLIC
    template_name = "ui/style_guide.html"
    form_class = examples.ExampleForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "aviso" in request.GET:
            messages.success(request, "Guardamos su respuesta.")
            messages.error(request, "No pudimos enviar el mensaje.")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: examples.ExampleForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, is_saved=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = Paginator(range(200), 10)
        return super().get_context_data(
            filter_form=examples.ExampleFilterForm(self.request.GET),
            page_obj=pages.get_page(self.request.GET.get("pagina")),
            **examples.components(),
            **kwargs,
        )
