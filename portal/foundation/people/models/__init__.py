"""Accounts and roles; persons, identifiers and households; counters against guessing."""

from portal.foundation.people.models.assignments import RoleAssignment, RoleAssignmentQuerySet
from portal.foundation.people.models.attempts import Attempt
from portal.foundation.people.models.organizations import Organization, Unit
from portal.foundation.people.models.persons import Household, HouseholdMember, Identifier, Person, Scheme
from portal.foundation.people.models.privacy import DataExport, DataRequest, RetentionRun
from portal.foundation.people.models.users import User, UserManager

__all__ = [
    "Attempt",
    "DataExport",
    "DataRequest",
    "Household",
    "HouseholdMember",
    "Identifier",
    "Organization",
    "Person",
    "RetentionRun",
    "RoleAssignment",
    "RoleAssignmentQuerySet",
    "Scheme",
    "Unit",
    "User",
    "UserManager",
]
