"""The people of the places that one runs: list, person, invitation, roles, stand-ins, account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from portal.foundation.audit.domain import record_look, record_looks
from portal.foundation.people import queries
from portal.foundation.people.access import Policy, PolicyMixin
from portal.foundation.people.domain.assignments import appoint_stand_in, assign_role, end_role
from portal.foundation.people.domain.users import (
    deactivate_user,
    invite_user,
    reset_second_factor,
    send_invitation,
)
from portal.foundation.people.errors import AccountInUse, PeopleError
from portal.foundation.people.forms import (
    AssignForm,
    EndRoleForm,
    FilterForm,
    InviteForm,
    ReasonForm,
    StandInForm,
)
from portal.foundation.people.models import RoleAssignment, User
from portal.foundation.people.roles import Role
from portal.foundation.people.rules import (
    can_answer_requests,
    can_appoint_stand_in,
    can_end_role,
    can_invite_user,
    can_manage_account,
    can_see_accounts,
    can_take_request,
)
from portal.foundation.screens import VerbFormView

PAGE_SIZE = 50


class PersonMixin(PolicyMixin):
    """The subject is an account, found among those that one sees."""

    def get_subject(self) -> User:
        return get_object_or_404(User.objects.visible_to(self.request.user).distinct(), pk=self.kwargs["pk"])  # type: ignore[attr-defined]


class AssignmentMixin(PolicyMixin):
    """The subject is a role that somebody holds, found among those that one sees."""

    def get_subject(self) -> RoleAssignment:
        found = RoleAssignment.objects.visible_to(self.request.user).select_related("user", "territory")
        return get_object_or_404(found, pk=self.kwargs["pk"])  # type: ignore[attr-defined]


class PeopleVerbView(VerbFormView):
    """A form that asks for one verb; the page of the account comes next."""

    refusals = (PeopleError,)

    def target(self, result: User) -> str:
        seen = can_see_accounts(self.request.user)
        return reverse("people:show", args=[result.pk]) if seen else reverse("people:own_account")

    def person(self) -> User | None:
        """Whose account the page is about; None before there is one."""
        return getattr(self.subject, "user", self.subject)

    def back(self) -> str:
        if not can_see_accounts(self.request.user):
            return reverse("people:own_account")
        person = self.person()
        return reverse("people:show", args=[person.pk]) if person else reverse("people:list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs: list[tuple[str, str]] = []
        if can_see_accounts(self.request.user):
            person = self.person()
            crumbs = [(_("People"), reverse("people:list")), *([(str(person), self.back())] if person else [])]
        return super().get_context_data(crumbs=crumbs, **kwargs)


class PersonListView(PolicyMixin, TemplateView):
    policy = Policy(rule=can_see_accounts)
    template_name = "people/person_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form, today = FilterForm(self.request.GET), timezone.localdate()
        asked = form.cleaned_data if form.is_valid() else {}
        found = queries.accounts(user=self.request.user, text=asked.get("q", ""), role=asked.get("role", ""), on=today)
        page = Paginator(found, PAGE_SIZE).get_page(self.request.GET.get("pagina"))
        roles = queries.roles_of(users=list(page), user=self.request.user, on=today)
        others = [person for person in page if person.pk != self.request.user.pk]
        purpose = _("To find somebody among the people of a place")
        record_looks(by=self.request.user, objects=others, purpose=purpose, at=timezone.now())
        return super().get_context_data(
            form=form,
            page=page,
            rows=[(person, roles.get(person.pk, [])) for person in page],
            can_invite=can_invite_user(self.request.user),
            can_answer_requests=can_answer_requests(self.request.user),
            **kwargs,
        )


class PersonView(PersonMixin, TemplateView):
    policy = Policy(rule=can_see_accounts)
    template_name = "people/person_show.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, person, today = self.request.user, self.subject, timezone.localdate()
        if person.pk != user.pk:
            record_look(by=user, object=person, purpose=_("To see an account and its roles"), at=timezone.now())
        held = (
            RoleAssignment.objects.visible_to(user)
            .filter(user=person)
            .select_related("user", "territory", "stand_in_for")
            .order_by("-starts_on", "-id")
        )
        rows = [
            {
                "assignment": assignment,
                "is_over": assignment.ends_on is not None and assignment.ends_on < today,
                "can_end": can_end_role(user, assignment),
                "can_lend": can_appoint_stand_in(user, assignment),
            }
            for assignment in held
        ]
        stand_ins = queries.stand_ins_of(user=person, on=today)
        return super().get_context_data(
            person=person,
            rows=rows,
            stand_ins=[(each, can_end_role(user, each)) for each in stand_ins],
            can_assign=person.is_active and can_invite_user(user),
            can_manage=can_manage_account(user, person),
            can_take_request=can_take_request(user, person),
            **kwargs,
        )


class InviteView(PolicyMixin, PeopleVerbView):
    policy = Policy(rule=can_invite_user)
    form_class = InviteForm
    heading = gettext_lazy("Invite a person")
    submit = gettext_lazy("Send the invitation")
    done = gettext_lazy("The role was given. We have written to the person.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def perform(self, form: Any, at: datetime) -> User:
        data = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        return invite_user(**data, by=self.request.user, at=at).user

    def refuse(self, form: Any, refusal: Exception) -> HttpResponse:
        return self._ask(form, refusal.account) if isinstance(refusal, AccountInUse) else super().refuse(form, refusal)

    def _ask(self, form: InviteForm, account: User) -> HttpResponse:
        """Whose account it is, before it gets the role; what was typed stays in the form."""
        record_look(by=self.request.user, object=account, purpose=_("To give a role"), at=timezone.now())
        data = form.data.copy()  # type: ignore[attr-defined]  # of a request
        data["confirmed"] = str(account.pk)
        again = InviteForm(data, user=self.request.user)
        asked = {
            "lead": _("%(email)s already has an account. It is of %(person)s.")
            % {"email": account.email, "person": account.name},
            "caution": _("If you mean another person, correct the e-mail."),
            "submit": _("Give the role to %(person)s") % {"person": account.name},
        }
        return self.render_to_response(self.get_context_data(form=again, **asked))


class AssignView(PersonMixin, PeopleVerbView):
    policy = Policy(rule=can_invite_user)
    form_class = AssignForm
    submit = gettext_lazy("Give the role")
    done = gettext_lazy("The role was given.")

    def get_heading(self) -> str:
        return _("Give a role to %(person)s") % {"person": self.subject}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def perform(self, form: Any, at: datetime) -> User:
        data = form.cleaned_data | {"role": Role(form.cleaned_data["role"])}
        return assign_role(user=self.subject, **data, by=self.request.user, at=at).user


class EndRoleView(AssignmentMixin, PeopleVerbView):
    policy = Policy(rule=can_end_role)
    form_class = EndRoleForm
    warning = True
    submit = gettext_lazy("End the role")
    done = gettext_lazy("The role ends on that day.")

    def get_heading(self) -> str:
        return _("End the role of %(person)s") % {"person": self.subject.user}

    def get_initial(self) -> dict[str, Any]:
        return {"on": timezone.localdate()}

    def perform(self, form: Any, at: datetime) -> User:
        end_role(assignment=self.subject, **form.cleaned_data, by=self.request.user, at=at)
        return self.subject.user


class StandInView(AssignmentMixin, PeopleVerbView):
    policy = Policy(rule=can_appoint_stand_in)
    form_class = StandInForm
    submit = gettext_lazy("Name the stand-in")
    done = gettext_lazy("The stand-in was named.")

    def get_heading(self) -> str:
        return _("Name a stand-in for %(person)s") % {"person": self.subject.user}

    @cached_property
    def candidates(self) -> Any:
        return queries.stand_in_candidates(user=self.request.user, assignment=self.subject, on=timezone.localdate())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "candidates": self.candidates}

    def perform(self, form: Any, at: datetime) -> User:
        return appoint_stand_in(assignment=self.subject, **form.cleaned_data, by=self.request.user, at=at).user


class DeactivateView(PersonMixin, PeopleVerbView):
    policy = Policy(rule=can_manage_account)
    form_class = ReasonForm
    warning = True
    submit = gettext_lazy("Close the account")
    done = gettext_lazy("The account is closed.")

    def get_heading(self) -> str:
        return _("Close the account of %(person)s") % {"person": self.subject}

    def perform(self, form: Any, at: datetime) -> User:
        on = timezone.localdate()
        deactivate_user(user=self.subject, on=on, by=self.request.user, at=at, **form.cleaned_data)
        return self.subject


class ResetSecondFactorView(PersonMixin, PeopleVerbView):
    """For a lost telephone: asks first, since the person must set everything up again."""

    policy = Policy(rule=can_manage_account)
    heading = gettext_lazy("Reset the second step")
    warning = True
    submit = gettext_lazy("Reset it")
    done = gettext_lazy("At the next sign-in the person sets it up again.")

    def perform(self, form: Any, at: datetime) -> User:
        reset_second_factor(user=self.subject, by=self.request.user, at=at)
        return self.subject

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = _("%(person)s signs out everywhere, and sets the second step up again with a new telephone.")
        return super().get_context_data(
            lead=text % {"person": self.subject},
            caution=_("First make sure that it is really that person who asks."),
            **kwargs,
        )


class InviteAgainView(AssignmentMixin, PeopleVerbView):
    """Write once more to somebody whose invitation was lost or whose link expired."""

    policy = Policy(rule=can_end_role)
    heading = gettext_lazy("Write again")
    submit = gettext_lazy("Send")
    done = gettext_lazy("We have written to the person.")

    def perform(self, form: Any, at: datetime) -> User:
        send_invitation(assignment=self.subject, by=self.request.user, at=at)
        return self.subject.user

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.subject.user
        text = _("We write to %(person)s at %(email)s, with a new link.")
        return super().get_context_data(lead=text % {"person": person, "email": person.email}, **kwargs)
