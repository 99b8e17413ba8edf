from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class BenefitsCoreConfig(AppConfig):
    name = "benefits_core"
    label = "benefits_core"

    def ready(self) -> None:
        from benefits_core import contacts, holdings, indicators, rules
        from benefits_core.documents.procedures import LOCAL_SHEET, SHEET
        from benefits_core.jobs import (  # noqa: F401  (registers what the jobs do)
            appointments,
            exports,
            queue_imports,
            queues,
        )
        from benefits_core.models import MunicipalTerms, Procedure, ProcedureVersion, StepMapping
        from benefits_core.queries import contacts as contact_rows
        from benefits_core.queries import content
        from portal.foundation.audit.domain import register_content
        from portal.foundation.documents import registry as documents
        from portal.foundation.receipts import registry as receipts
        from portal.foundation.ui import navigation

        register_content(Procedure, content.audited_procedure)
        register_content(ProcedureVersion, content.audited_version)
        register_content(MunicipalTerms, content.audited_terms)
        register_content(StepMapping, content.audited_mapping)
        for kind in (SHEET, LOCAL_SHEET):
            documents.register(kind)
        navigation.register(
            navigation.NavigationItem(
                "benefits_core.procedures", _("Procedures"), "benefits_core:manage", 50, rules.reads_procedures
            )
        )
        navigation.register_footer(
            "benefits_core.procedures",
            5,
            lambda: [
                navigation.Link(
                    reverse("benefits_core:procedures"),
                    gettext("Procedures"),
                    hint=gettext("What you can ask for, step by step."),
                )
            ],
        )
        navigation.register(
            navigation.NavigationItem(
                "benefits_core.attentions", _("Attentions"), "benefits_core:attention_start", 15, rules.reads_register
            )
        )
        for source in (contact_rows.ATTENTIONS, contact_rows.APPOINTMENTS):
            contacts.register(source)
        indicators.register()
        holdings.declare()
        receipts.register(
            "benefits_core.appointment",
            url=lambda _row: reverse("benefits_core:own_appointment"),
            name=_("Appointment"),
        )
        navigation.register_footer(
            "benefits_core.appointments",
            3,
            lambda: [
                navigation.Link(
                    reverse("benefits_core:book_start"),
                    gettext("Book an appointment"),
                    hint=gettext("Choose a day and a time at your municipality."),
                )
            ],
        )
