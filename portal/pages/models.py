"""The site's pages: content written by editors, and one page over the data of every municipality."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from portal.foundation.documents.domain import request_document
from portal.foundation.reporting.spreadsheets import csv_response
from portal.foundation.territories.models import Territory
from portal.pages.blocks import BodyBlock
from portal.pages.exports import open_data
from portal.pages.queries import municipalities
from quality.sources import sources_of

YEAR_DIGITS = 4
# The kind of document that portal.pages.documents makes of a municipality's year.
PANEL = "pages.municipality_panel"
# Of the page of levels, in the order of a row's records.
LEVEL_COLUMNS = (
    _("The team says"),
    _("The region verified"),
    _("The team, at the beginning"),
    _("The region, at the beginning"),
)


class HomePage(Page):
    """The front door: what this is, the municipality finder, and the latest news."""

    introduction = models.TextField(_("introduction"), blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    template = "pages/home.html"
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("body")]

    class Meta:
        verbose_name = _("start page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        # The finder's box stands above them.
        context["children"] = self.get_children().live().in_menu().not_type(MunicipalitiesPage)
        context["news"] = NewsPage.objects.descendant_of(self).live().order_by("-date", "-pk")[:3]
        return context


class ContentPage(Page):
    """A page of text, such as what the programme is or how to read the levels."""

    introduction = models.TextField(_("introduction"), blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))
    show_in_footer = models.BooleanField(
        _("show at the foot of every page"),
        default=False,
        help_text=_("For what people must find from anywhere, such as accessibility and privacy."),
    )

    template = "pages/content.html"
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage", "pages.ContentPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
    promote_panels = [*Page.promote_panels, FieldPanel("show_in_footer")]
    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("body")]

    class Meta:
        verbose_name = _("text page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["children"] = self.get_children().live()
        return context


class NewsIndexPage(Page):
    """The list of news, newest first."""

    PAGE_SIZE = 10

    template = "pages/news_index.html"
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["pages.NewsPage"]

    class Meta:
        verbose_name = _("list of news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        news = NewsPage.objects.child_of(self).live().order_by("-date", "-pk")
        context["page_obj"] = Paginator(news, self.PAGE_SIZE).get_page(request.GET.get("pagina"))
        return context


class NewsPage(Page):
    """One piece of news."""

    date = models.DateField(_("date"))
    introduction = models.TextField(_("introduction"), blank=True)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    template = "pages/news.html"
    parent_page_types: ClassVar[list[str]] = ["pages.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [*Page.content_panels, FieldPanel("date"), FieldPanel("introduction"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("introduction"), index.SearchField("body")]

    class Meta:
        verbose_name = _("piece of news")


class MunicipalitiesPage(RoutablePageMixin, Page):
    """The finder, and below it one public page per municipality, drawn from the data."""

    PAGE_SIZE = 30

    template = "pages/municipality_finder.html"
    max_count_per_parent = 1
    parent_page_types: ClassVar[list[str]] = ["pages.HomePage"]
    subpage_types: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("municipality finder")

    @path("")
    def finder(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:80]
        region = municipalities.region_by_code(request.GET.get("region", ""))
        found = municipalities.find(text=text, region=region)
        page_obj = Paginator(found, self.PAGE_SIZE).get_page(request.GET.get("pagina"))
        if text and page_obj.paginator.count == 1:
            only = page_obj.object_list[0]
            return HttpResponse(status=302, headers={"Location": self.municipality_url(only, request)})
        return self.render(
            request,
            context_overrides={
                "text": text,
                "region": region,
                "regions": municipalities.regions(),
                "page_obj": page_obj,
                "near": municipalities.near(text) if text and not page_obj.paginator.count else [],
            },
        )

    @path("<slug:slug>/", name="municipality")
    def municipality(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.render(
            request, context_overrides=self._profile(request, slug), template="pages/municipality_show.html"
        )

    @path("<slug:slug>/niveles/", name="levels")
    def levels(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Every level of the year with the record that it comes from."""
        context = {**self._profile(request, slug), "query_version": municipalities.QUERY_VERSION}
        profile = context["profile"]
        if not profile.has_levels:
            raise Http404
        context["sources"] = sources_of(profile.records)
        usual = profile.usual_records
        context["columns"] = list(zip(LEVEL_COLUMNS, usual, strict=True))
        context["usual"] = {record.provenance for record in usual if record}
        return self.render(request, context_overrides=context, template="pages/municipality_levels.html")

    @path("<slug:slug>/plan/", name="plan")
    def plan(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The whole plan of the year, and everything that was said of it."""
        context = self._profile(request, slug)
        if not context["profile"].plan:
            raise Http404
        return self.render(request, context_overrides=context, template="pages/municipality_plan.html")

    @path("<slug:slug>/panel/", name="panel")
    def panel(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The year on one sheet for a screen in the office; posting asks for it as a PDF to print."""
        context = self._profile(request, slug)
        participation = context["profile"].participation
        if participation is None:
            raise Http404
        if request.method == "POST":
            document = request_document(
                kind=PANEL, subject=participation, language=get_language() or "es", by=request.user, at=timezone.now()
            )
            return redirect("documents:show", document.pk)
        return self.render(request, context_overrides=context, template="pages/municipality_panel.html")

    @path("<slug:slug>/datos/", name="open_data")
    def open_data(self, request: HttpRequest, slug: str) -> StreamingHttpResponse:
        """The levels of the year as open data."""
        context = self._profile(request, slug)
        # Its own column says of each row whether it is made up.
        return csv_response(f"{slug}.csv", open_data(context["municipality"], context["profile"]), is_demo=False)

    def municipality_url(self, territory: Territory, request: HttpRequest | None = None) -> str:
        """Address of a municipality's public page."""
        return self.get_url(request) + self.reverse_subpage("municipality", kwargs={"slug": territory.slug})

    @classmethod
    def address_of(cls, territory: Territory, language: str) -> str:
        """The whole address of a municipality's public page, to print or send; "" before the site is set up."""
        page = cls.objects.live().filter(locale__language_code=language).first()
        # By SITE_URL, as all letters: the address that Wagtail keeps of its own may be of another day.
        return urljoin(settings.SITE_URL, urlsplit(page.municipality_url(territory)).path) if page else ""

    def _profile(self, request: HttpRequest, slug: str) -> dict[str, Any]:
        """What the pages of one municipality show. Its profile is read only where it is drawn."""
        territory = municipalities.by_slug(slug)
        if territory is None:
            raise Http404
        text = request.GET.get("year", "")
        year = int(text) if text.isascii() and text.isdigit() and len(text) <= YEAR_DIGITS else None
        asked: dict[str, Any] = {"today": timezone.localdate(timezone=territory.zone), "year": year}
        return {
            "municipality": territory,
            "profile": SimpleLazyObject(lambda: municipalities.public_profile(territory, **asked)),
            "stamp": f"{municipalities.public_stamp(territory, **asked)}-{get_language()}",
        }
