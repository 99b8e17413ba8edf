"""Writing to a municipality: one question a page, kept on the server, sent at the end. No script, no account."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import FormView, TemplateView, View

from portal.foundation.files.domain import FileRefused
from portal.foundation.people import limits
from portal.foundation.people.access import PUBLIC, PolicyMixin
from portal.foundation.receipts import session
from portal.foundation.receipts.domain import Issued
from portal.foundation.territories import queries as territories
from portal.foundation.territories.models import Territory
from surveys.domain import drafts
from surveys.domain.drafts import KIOSK_IDLE
from surveys.enums import ComplaintChannel
from surveys.errors import DraftGone, InvalidContent, SurveysError
from surveys.forms.writing import FORMS, SendForm
from surveys.models import Complaint, ComplaintTerms
from surveys.queries import writing as asked
from surveys.queries.writing import Writing, writing

COOKIE = "reclamo"
KIOSK = "kiosco"
STEP = "paso"
SENT = "surveys.sent_at"
HOUR = timedelta(hours=1)
# A municipality, a library or a telephone company shares one address among many people; one browser's
# draft is one person's.
BEGUN_PER_HOUR, SENT_PER_HOUR = 600, 600
SENT_BY_ONE_PER_HOUR = 30
MOST_FOUND = 30
# How long a kiosk shows code and words to whoever walked away.
KIOSK_SHOWN = timedelta(minutes=3)


class BareMixin(PolicyMixin):
    """Nothing of these pages stays in the browser: the next person may sit down at the same screen.

    On a kiosk a page goes back by itself, in ``idle`` seconds, to ``home``, which erases what is left.
    """

    policy = PUBLIC
    idle = int(KIOSK_IDLE.total_seconds())

    @property
    def home(self) -> str:
        """Where a kiosk goes back to; "" on any other screen."""
        return ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        if self.home and response.status_code == HTTPStatus.OK:
            response["Refresh"] = f"{self.idle}; url={self.home}"
        return response


class StartView(PolicyMixin, TemplateView):
    """What to expect before one begins."""

    policy = PUBLIC
    template_name = "surveys/writing_start.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        if request.GET.get(KIOSK):
            # The last person left without a word: the next one finds nothing.
            session.forget(request)
            response.delete_cookie(COOKIE)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        municipality = _municipality(self.request.GET.get("municipalidad", ""))
        terms = ComplaintTerms.objects.in_force(municipality, timezone.localdate()) if municipality else None
        return super().get_context_data(
            municipality=municipality,
            terms=terms,
            kiosk=self.request.GET.get(KIOSK),
            step=asked.step_in_force(self.request.GET.get(STEP, ""), municipality, timezone.localdate()),
            **kwargs,
        )


class BeginView(BareMixin, TemplateView):
    """To which municipality; choosing it begins the draft."""

    template_name = "surveys/writing_municipality.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text, region = self.request.GET.get("q", "").strip()[:80], self._region()
        found = territories.find_municipalities(text) if text else None
        if region is not None:
            found = territories.municipalities_of(region)
        shown = list(found[: MOST_FOUND if text else None]) if found is not None else []
        return super().get_context_data(
            text=text,
            region=region,
            regions=territories.regions(),
            chosen=_municipality(self.request.GET.get("municipalidad", "")),
            found=shown,
            is_asked=bool(text or region),
            is_empty="q" in self.request.GET and not text,
            kiosk=self.request.GET.get(KIOSK),
            step=asked.step_in_force(self.request.GET.get(STEP, ""), None, timezone.localdate()),
            **kwargs,
        )

    def _region(self) -> Territory | None:
        code = self.request.GET.get("region", "")
        return territories.regions().filter(code=code).first() if code else None

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        municipality = _municipality(request.POST.get("municipalidad", ""))
        if municipality is None:
            raise Http404
        at = timezone.now()
        address = limits.client_address(request)
        if not limits.allow(action="surveys.begin", address=address, limit=BEGUN_PER_HOUR, window=HOUR, at=at):
            return self.render_to_response(self.get_context_data(too_many=True), status=429)
        step = asked.step_in_force(request.POST.get(STEP, ""), municipality, timezone.localdate())
        opened = _opened(request)
        if opened is not None and not opened.row.complaint_id:
            # Whoever comes back to change the municipality loses nothing else.
            changed = {"territory": municipality.pk, "service_point": "", "step": step.pk if step else ""}
            drafts.answer_question(key=_key(request), answers=changed, at=at)
            return redirect("surveys:question", asked.KIND)
        channel = ComplaintChannel.KIOSK if request.POST.get(KIOSK) else ComplaintChannel.WEB
        begun = {"territory": municipality.pk, "channel": channel} | ({"step": step.pk} if step else {})
        key = drafts.begin(answers=begun, at=at)
        response = redirect("surveys:question", asked.KIND)
        response.set_cookie(COOKIE, key, httponly=True, samesite="Lax", secure=request.is_secure())
        return response


class WritingMixin(BareMixin):
    """The draft that this browser's key opens; without one, back to the start."""

    writing: Writing

    @property
    def home(self) -> str:
        return _kiosk_home(self.writing.territory) if self.is_kiosk else ""

    @property
    def is_kiosk(self) -> bool:
        return hasattr(self, "writing") and self.writing.answers.get("channel") == ComplaintChannel.KIOSK

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = _writing(request)
        if found is None:
            return _gone(request)
        self.writing = found
        try:
            return super().dispatch(request, *args, **kwargs)
        except DraftGone:
            return _gone(request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(writing=self.writing, **kwargs)  # type: ignore[misc]


class QuestionView(WritingMixin, FormView):
    """One question; its answer is kept before the next is asked."""

    template_name = "surveys/writing_question.html"

    @property
    def question(self) -> str:
        return self.kwargs["question"]

    def get_subject(self) -> None:
        if self.question not in self.writing.questions:
            raise Http404

    def get_form_class(self) -> Any:
        return FORMS[self.question]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"writing": self.writing, "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return _initial(self.writing)

    def form_valid(self, form: Any) -> HttpResponse:
        at, key = timezone.now(), _key(self.request)
        try:
            if self.question == asked.FILES:
                drafts.add_files(key=key, uploads=form.cleaned_data["files"], at=at)
            opened = drafts.answer_question(key=key, answers=form.answers(), at=at)
        except (FileRefused, InvalidContent) as refused:
            form.add_error("files", str(refused))
            return self.form_invalid(form)
        if "otro" in self.request.POST:
            return redirect("surveys:question", self.question)
        found = writing(opened.row, opened.answers, self.writing.today)
        following = found.after(self.question) if found else None
        if following is None or self.request.GET.get("volver"):
            return redirect("surveys:check")
        return redirect("surveys:question", following)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        before = self.writing.before(self.question)
        number = self.writing.questions.index(self.question) + 1
        back = reverse("surveys:question", args=[before]) if before else reverse("surveys:begin")
        return super().get_context_data(
            question=self.question,
            number=number,
            total=len(self.writing.questions),
            back_url=reverse("surveys:check") if self.request.GET.get("volver") else back,
            **kwargs,
        )


class RemoveFileView(WritingMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        drafts.remove_file(key=_key(request), file_id=kwargs["pk"], at=timezone.now())
        return redirect("surveys:question", asked.FILES)


class CheckView(WritingMixin, FormView):
    """Everything that was answered, to mend it, and to send it."""

    template_name = "surveys/writing_check.html"
    form_class = SendForm

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        missing = self.writing.missing
        return redirect("surveys:question", missing) if missing else super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = [
            {
                "key": row.label,
                "value": row.value,
                "url": f"{reverse('surveys:question', args=[row.question])}?volver=1",
            }
            for row in self.writing.rows(is_signed_in=self.request.user.is_authenticated)
        ]
        return super().get_context_data(rows=rows, **kwargs)


class SendView(BareMixin, FormView):
    """Sends; pressed twice, or loaded again, it shows the same receipt."""

    http_method_names = ["post"]
    template_name = "surveys/writing_check.html"
    form_class = SendForm

    def form_valid(self, form: SendForm) -> HttpResponse:
        request, at, key = self.request, timezone.now(), _key(self.request)
        opened = _opened(request)
        if opened is None:
            return _gone(request)
        if form.is_trapped:
            # A robot is shown the same address as a person, and nothing is kept.
            return redirect("surveys:sent")
        if not opened.row.complaint_id and not self._is_within_limits(at):
            messages.error(
                request, _("Many messages came from your connection. Yours is kept: send it again in one hour.")
            )
            return redirect("surveys:check")
        author = request.user if request.user.is_authenticated and opened.answers.get("as_me") else None
        try:
            sent = drafts.send(key=key, author=author, at=at)
        except DraftGone:
            return _gone(request)
        except InvalidContent as refused:
            messages.error(request, str(refused))
            return redirect(_where_to_mend(refused))
        except SurveysError as refused:
            messages.error(request, str(refused))
            return redirect("surveys:check")
        session.hand_over(request, Issued(sent.receipt, sent.secret))
        return redirect("surveys:sent")

    def form_invalid(self, form: SendForm) -> HttpResponse:
        return redirect("surveys:check")

    def _is_within_limits(self, at: datetime) -> bool:
        """One browser's few, which its session counts, and a whole network's many."""
        hour_ago = (at - HOUR).timestamp()
        sent = [moment for moment in self.request.session.get(SENT, []) if moment > hour_ago]
        if len(sent) >= SENT_BY_ONE_PER_HOUR:
            return False
        self.request.session[SENT] = [*sent, at.timestamp()]
        address = limits.client_address(self.request)
        return limits.allow(action="surveys.send", address=address, limit=SENT_PER_HOUR, window=HOUR, at=at)


class SentView(BareMixin, TemplateView):
    """Code and words, once; and what happens next."""

    template_name = "surveys/writing_sent.html"
    idle = int(KIOSK_SHOWN.total_seconds())

    @property
    def home(self) -> str:
        sent = _sent(self.request)
        return _kiosk_home(sent.territory) if sent and sent.channel == ComplaintChannel.KIOSK else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        receipt, complaint = session.current(self.request), _sent(self.request)
        shown = session.to_show(self.request, receipt) if receipt is not None and complaint is not None else None
        terms = ComplaintTerms.objects.in_force(complaint.territory, complaint.received_on) if complaint else None
        return super().get_context_data(
            complaint=complaint,
            shown=shown,
            terms=terms,
            receipt=receipt,
            site_address=settings.SITE_URL,
            is_kiosk=complaint is not None and complaint.channel == ComplaintChannel.KIOSK,
            minutes=self.idle // 60,
            **kwargs,
        )


class LeaveView(BareMixin, View):
    """Ends it on this device: the draft, what was shown, and the pages that the browser kept."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found, sent = _writing(request), _sent(request)
        home = reverse("surveys:start")
        if found is not None and found.answers.get("channel") == ComplaintChannel.KIOSK:
            home = _kiosk_home(found.territory)
        elif sent is not None and sent.channel == ComplaintChannel.KIOSK:
            home = _kiosk_home(sent.territory)
        if key := _key(request):
            drafts.forget(key=key, at=timezone.now())
        session.forget(request)
        messages.success(request, _("Nothing of it is left on this device."))
        response = redirect(home)
        response.delete_cookie(COOKIE)
        response["Clear-Site-Data"] = '"cache"'
        return response


def _kiosk_home(municipality: Territory) -> str:
    """The first page of a kiosk of that municipality."""
    return f"{reverse('surveys:start')}?{urlencode({'municipalidad': municipality.slug, KIOSK: 1})}"


def _sent(request: HttpRequest) -> Complaint | None:
    """The complaint whose receipt is open in this browser."""
    receipt = session.current(request)
    is_ours = receipt is not None and receipt.subject_type == Complaint._meta.label_lower
    return receipt.subject if receipt is not None and is_ours else None


def _key(request: HttpRequest) -> str:
    return request.COOKIES.get(COOKIE, "")[:100]


def _opened(request: HttpRequest) -> drafts.Opened | None:
    key = _key(request)
    return drafts.look(key=key, at=timezone.now()) if key else None


def _writing(request: HttpRequest) -> Writing | None:
    opened = _opened(request)
    if opened is None or opened.row.complaint_id:
        return None
    return writing(opened.row, opened.answers, timezone.localdate())


def _gone(request: HttpRequest) -> HttpResponse:
    messages.info(request, str(DraftGone()))
    return redirect("surveys:start")


def _municipality(slug: str) -> Territory | None:
    return Territory.objects.municipalities().filter(slug=slug).first() if slug else None


def _where_to_mend(refused: InvalidContent) -> str:
    question = asked.QUESTION_OF.get(refused.field)
    return reverse("surveys:question", args=[question]) if question else reverse("surveys:begin")


def _initial(found: Writing) -> dict[str, Any]:
    """What was answered before, as the forms show it."""
    said = dict(found.answers)
    shown: dict[str, Any] = {
        name: said[name] for name in ("kind", "text", "about", "about_words", "contact") if name in said
    }
    if "category" in said:
        shown["category"] = str(said["category"] or "no-se")
    if said.get("happened_on"):
        shown["happened_on"] = timezone.datetime.fromisoformat(said["happened_on"]).date()
    if "preferential" in said:
        shown["preferential"] = "si" if said["preferential"] else "no"
    if "as_me" in said:
        shown["as_me"] = "si" if said["as_me"] else "no"
    return shown | {name: said.get(name, "") for name in ("service_point", "step")}
