from django.apps import AppConfig
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class SurveyStoreConfig(AppConfig):
    """django-survey-and-report: its tables and nothing else of it."""

    name = "survey"
    label = "survey"
    # The package's migrations were written with it; ours would want to change its keys.
    default_auto_field = "django.db.models.AutoField"


class SurveysConfig(AppConfig):
    default = True
    name = "surveys"
    label = "surveys"

    def ready(self) -> None:
        from django.urls import reverse

        from benefits_core import anchors, contacts
        from portal.foundation.audit.domain import register_content
        from portal.foundation.documents import registry as document_registry
        from portal.foundation.messages.domain import keep_no_text
        from portal.foundation.offers import registry as offer_registry
        from portal.foundation.receipts import registry as receipt_registry
        from portal.foundation.ui import navigation
        from surveys import holdings, indicators, jobs, offers, receivers, rules, sources  # noqa: F401  jobs, clocks
        from surveys.documents.rounds import RESULTS
        from surveys.domain import mailings
        from surveys.models import (
            ApiKey,
            Complaint,
            ComplaintTerms,
            Instrument,
            PublicText,
            QuarterlyReview,
            Round,
            ThemeRun,
        )
        from surveys.queries import complaint_texts, content, pinned
        from surveys.queries.contacts import COMPLAINTS as COMPLAINT_CONTACTS

        # What is in them opens somebody's survey.
        keep_no_text(mailings.INVITATION)
        keep_no_text(mailings.REMINDER)
        register_content(Complaint, content.audited_complaint)
        register_content(ComplaintTerms, content.audited_terms)
        register_content(QuarterlyReview, content.audited_review)
        receipt_registry.register(
            "surveys.complaint", url=lambda complaint: reverse("surveys:own"), name=_("Complaint or suggestion")
        )
        for key, label, url_name, is_shown in (
            ("surveys.complaints", _("Complaints"), "surveys:inbox", rules.reads_complaints),
            ("surveys.figures", _("Complaints"), "surveys:figures", rules.only_reads_figures),
            ("surveys.record", _("Write down a complaint"), "surveys:record", rules.only_records_complaints),
        ):
            navigation.register(navigation.NavigationItem(key, label, url_name, 35, is_shown, "surveys:start"))
        for key, label, url_name, is_shown in (
            ("surveys.rounds", _("Surveys"), "surveys:round_list", rules.reads_rounds),
            ("surveys.help", _("Help to answer"), "surveys:help_list", rules.only_helps_with_rounds),
        ):
            navigation.register(navigation.NavigationItem(key, label, url_name, 36, is_shown))
        indicators.register()
        document_registry.register(RESULTS)
        holdings.declare()
        anchors.register(
            anchors.AnchorSource(
                "surveys.complaint", _("Complaints and suggestions"), pinned.counts, pinned.items, invite=pinned.invite
            )
        )
        contacts.register(COMPLAINT_CONTACTS)
        navigation.register_footer(
            "surveys.complaints",
            4,
            lambda: [
                navigation.Link(
                    reverse("surveys:start"),
                    gettext("Complaints and suggestions"),
                    hint=gettext("Tell what went wrong, or what could be better."),
                )
            ],
        )
        navigation.register_footer(
            "surveys.answer",
            5,
            lambda: [
                navigation.Link(
                    reverse("surveys:code"),
                    gettext("Answer the survey"),
                    hint=gettext("With the code of your paper, say how you were served."),
                )
            ],
        )
        register_content(ThemeRun, content.audited_theme_run)
        register_content(Instrument, content.audited_instrument)
        register_content(Round, content.audited_round)
        sources.register(
            sources.TextSource(
                complaint_texts.KEY, _("Complaints and suggestions"), complaint_texts.texts, complaint_texts.page_of
            )
        )
        navigation.register(navigation.NavigationItem("themes", _("Themes"), "surveys:themes", 38, rules.reads_themes))
        register_content(ApiKey, content.audited_api_key)
        register_content(PublicText, content.audited_public_text)
        offer_registry.register(offers.PUBLISH_TEXT)
        navigation.register_footer(
            "surveys.open311", 9, lambda: [navigation.Link(reverse("surveys:open311"), gettext("Open data"))]
        )
