from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "plans"
    label = "plans"

    def ready(self) -> None:
        from plans import documents, holdings, indicators, models, offers, rules, sources
        from plans.queries import causes, content, drivers, execution, gaps
        from portal.foundation.audit.domain import register_content
        from portal.foundation.documents import registry as document_registry
        from portal.foundation.offers import registry as offer_registry
        from portal.foundation.ui import navigation
        from quality import sources as level_sources
        from surveys import followups

        sources.register(
            sources.SourceKind(
                gaps.KEY,
                _("Gaps"),
                gaps.gap_choices,
                gaps.describe_gap,
                gaps.gap_standards,
                gaps.gap_draft,
                gaps.current_gap,
            )
        )
        sources.register(
            sources.SourceKind(
                causes.KEY,
                _("Causes of complaints"),
                causes.cause_choices,
                causes.describe_cause,
                causes.cause_standards,
                causes.cause_draft,
            )
        )
        sources.register(
            sources.SourceKind(
                drivers.KEY,
                _("What weighs in the survey"),
                drivers.driver_choices,
                drivers.describe_driver,
                drivers.driver_standards,
                drivers.driver_draft,
            )
        )
        followups.register("plans.lines", drivers.lines_after)
        indicators.register()
        holdings.declare()
        level_sources.register("plans.action", execution.describe_actions)
        register_content(models.ImprovementPlan, content.audited_plan)
        register_content(models.Action, content.audited_action)
        register_content(models.PlanComment, content.audited_comment)
        register_content(models.ExecutionReport, content.audited_report)
        register_content(models.PublicationLink, content.audited_link)
        for kind in (documents.PLAN, documents.LINE, documents.EXECUTION):
            document_registry.register(kind)
        offer_registry.register(offers.DRAW_FROM_GAP)
        offer_registry.register(offers.DRAW_FROM_CAUSE)
        offer_registry.register(offers.DRAW_FROM_DRIVER)
        navigation.register(
            navigation.NavigationItem("plans", _("Improvement plan"), "plans:start", 40, rules.reads_plans)
        )
