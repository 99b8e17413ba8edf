from django.urls import path

from portal.foundation.people.views import account, people

app_name = "people"
urlpatterns = [
    path("", people.PersonListView.as_view(), name="list"),
    path("invitar/", people.InviteView.as_view(), name="invite"),
    path("mi-cuenta/", account.OwnAccountView.as_view(), name="own_account"),
    path("<int:pk>/", people.PersonView.as_view(), name="show"),
    path("<int:pk>/rol/", people.AssignView.as_view(), name="assign"),
    path("<int:pk>/cerrar/", people.DeactivateView.as_view(), name="deactivate"),
    path("<int:pk>/segundo-paso/", people.ResetSecondFactorView.as_view(), name="reset_second_factor"),
    path("roles/<int:pk>/terminar/", people.EndRoleView.as_view(), name="end_role"),
    path("roles/<int:pk>/subrogante/", people.StandInView.as_view(), name="stand_in"),
    path("roles/<int:pk>/invitar/", people.InviteAgainView.as_view(), name="invite_again"),
]
