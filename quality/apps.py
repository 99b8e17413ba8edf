from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.foundation.ui.navigation import Link


class QualityConfig(AppConfig):
    name = "quality"
    label = "quality"

    def ready(self) -> None:
        from portal.foundation.audit.domain import register_content
        from portal.foundation.documents import registry as documents
        from portal.foundation.ui import navigation
        from quality import holdings, indicators, rules, sources
        from quality.documents import gaps as gap_report
        from quality.documents.assessments import REPORT_KIND
        from quality.domain import levels
        from quality.models import Answer, Assessment, CatalogueVersion, LevelRecord
        from quality.queries import content
        from quality.queries.catalogue import as_mapping
        from quality.queries.levels import describe_assessments

        register_content(Answer, content.answer_content)
        register_content(Assessment, content.assessment_content)
        register_content(CatalogueVersion, as_mapping)
        register_content(LevelRecord, levels.level_content)
        documents.register(REPORT_KIND)
        sources.register("quality.assessment", describe_assessments)
        indicators.register()
        holdings.declare()
        gap_report.register()
        navigation.register(
            navigation.NavigationItem(
                "quality.assessments", _("Self-diagnosis"), "quality:assessment_start", 20, rules.reads_assessments
            )
        )
        navigation.register(
            navigation.NavigationItem("quality.gaps", _("Gaps"), "quality:gap_list", 25, rules.reads_assessments)
        )
        navigation.register(
            navigation.NavigationItem(
                "quality.standards", _("Standards"), "quality:catalogue", 30, rules.reads_assessments
            )
        )
        navigation.register_footer("quality.standards", 15, _footer_links)


def _footer_links() -> list[Link]:
    from portal.foundation.ui.navigation import Link

    return [Link(reverse("quality:catalogue"), gettext("The quality standards"))]
