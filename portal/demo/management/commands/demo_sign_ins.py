"""Print who can sign in to the demonstration."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.demo.accounts import DOMAIN, PASSWORD
from portal.foundation.people.models import User

# Address → what there is to see, in the order of the year. README.md has the same table.
SIGN_INS = {
    "equipo.la-ligua": "un autodiagnóstico a medio contestar",
    "region08": "un autodiagnóstico por revisar",
    "encargada.algarrobo": "un plan en borrador, con comentarios de la ciudadanía",
    "encargada.quilpue": "un plan que espera su firma",
    "dideco.quilpue": "el mismo plan, que espera la otra firma",
    "equipo.quillota": "un plan en marcha",
    "encargada.quillota": "los turnos de una oficina, reclamos, encuestas, contactos de una persona (RUN 7.654.321-6)",
    "ciudadana": "esa persona: sus datos, sus solicitudes y quién los miró",
    "region05": "mejoras por verificar y el mapa de la región",
    "encargada.tome": "un año listo para cerrar",
    "dideco.tome": "plazos propios de un trámite, que esperan publicación",
    "nacional": "todas las regiones, las personas, el registro de acciones y un paso antiguo por ubicar",
    "nacional2": "lo mismo; publica los trámites que escribe «nacional»",
    "editora": "las páginas del sitio, en /cms/",
}


class Command(BaseCommand):
    help = "Print the demonstration's accounts, their password and the second factor's code (in a demonstration only)."

    def handle(self, *args: Any, **options: Any) -> None:
        to_see = {f"{name}@{DOMAIN}": what for name, what in SIGN_INS.items()}
        users = User.objects.filter(email__in=to_see).prefetch_related("role_assignments__territory")
        roles = {user.email: _roles(user) for user in users}
        if not roles:
            return
        self.stdout.write("Puede ingresar a la demostración como:")
        widths = [max(map(len, column)) for column in (roles, roles.values())]
        for address in filter(roles.__contains__, to_see):
            self.stdout.write(f"  {address:{widths[0]}}  {roles[address]:{widths[1]}}  {to_see[address]}")
        self.stdout.write(f"  Contraseña de todas: {PASSWORD}")
        if settings.DEMO_SECOND_FACTOR_CODE:
            self.stdout.write(f"  Código del segundo paso: {settings.DEMO_SECOND_FACTOR_CODE} (solo sirve aquí)")


def _roles(user: User) -> str:
    return ", ".join(f"{held.get_role_display()} · {held.territory}" for held in user.role_assignments.all())
