"""Tables of the benefit core."""

from benefits_core.models.appointments import AgendaException, AgendaRule, Appointment
from benefits_core.models.attentions import Attention, AttentionChange, AttentionExport, AttentionMonth
from benefits_core.models.mappings import StepMapping
from benefits_core.models.matters import HiddenMatter, Matter, WaitPromise
from benefits_core.models.procedures import Procedure, ProcedureVersion, Step, StepLink
from benefits_core.models.queue_imports import AttentionImport, ImportMapping, RejectedRow
from benefits_core.models.queues import Desk, DeviceLink, Queue, QueueKind, QueueNumber, Ticket
from benefits_core.models.terms import MunicipalTerms, StepTerm

__all__ = [
    "AgendaException",
    "AgendaRule",
    "Appointment",
    "Attention",
    "AttentionChange",
    "AttentionExport",
    "AttentionImport",
    "AttentionMonth",
    "Desk",
    "DeviceLink",
    "HiddenMatter",
    "ImportMapping",
    "Matter",
    "MunicipalTerms",
    "Procedure",
    "ProcedureVersion",
    "Queue",
    "QueueKind",
    "QueueNumber",
    "RejectedRow",
    "Step",
    "StepLink",
    "StepMapping",
    "StepTerm",
    "Ticket",
    "WaitPromise",
]
