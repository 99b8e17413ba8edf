"""Tables of the plans module."""

from plans.models.actions import (
    Action,
    ActionEvidence,
    ActionProgress,
    ActionSource,
    ActionStandard,
    ActionVerification,
    Milestone,
)
from plans.models.plans import (
    ExecutionReport,
    ImprovementPlan,
    PlanAuthor,
    PlanComment,
    PlanReturn,
    PlanSignature,
    PublicationLink,
)

__all__ = [
    "Action",
    "ActionEvidence",
    "ActionProgress",
    "ActionSource",
    "ActionStandard",
    "ActionVerification",
    "ExecutionReport",
    "ImprovementPlan",
    "Milestone",
    "PlanAuthor",
    "PlanComment",
    "PlanReturn",
    "PlanSignature",
    "PublicationLink",
]
