"""Invented names, each given once: whoever has one in the demonstration is one person. Pure."""

from __future__ import annotations

from dataclasses import dataclass

WOMEN = (
    *("Adriana", "Alejandra", "Andrea", "Bárbara", "Beatriz", "Camila", "Carolina", "Catalina", "Cecilia", "Claudia"),
    *("Constanza", "Daniela", "Elena", "Elizabeth", "Fabiola", "Francisca", "Gloria", "Ingrid", "Isabel", "Javiera"),
    *("Karina", "Lorena", "Macarena", "Marcela", "Margarita", "Mónica", "Natalia", "Pamela", "Paola", "Patricia"),
    *("Rocío", "Sandra", "Silvia", "Sofía", "Valentina", "Verónica", "Yasna"),
)
MEN = (
    *("Aldo", "Alfonso", "Arturo", "Bastián", "Bernardo", "Claudio", "Cristián", "Danilo", "Esteban", "Fabián"),
    *("Felipe", "Fernando", "Gerardo", "Gonzalo", "Héctor", "Hernán", "Hugo", "Ignacio", "Iván", "Javier"),
    *("Joaquín", "Jorge", "Leonardo", "Luis", "Marcelo", "Mauricio", "Miguel", "Nicolás", "Óscar", "Pablo"),
    *("Patricio", "Ramiro", "Raúl", "Rodrigo", "Sergio", "Tomás", "Víctor"),
)
FAMILIES = (
    *("Abarca", "Aguilera", "Alarcón", "Araya", "Barría", "Bravo", "Bustos", "Cáceres", "Candia", "Cárcamo"),
    *("Carrasco", "Castro", "Cifuentes", "Contreras", "Cortés", "Donoso", "Escobar", "Espinoza", "Faúndez", "Figueroa"),
    *("Fuentes", "Gallardo", "Garrido", "Godoy", "Henríquez", "Hidalgo", "Jara", "Lagos", "Leiva", "Maldonado"),
    *("Mella", "Molina", "Muñoz", "Navarro", "Olivares", "Ortega", "Oyarzún", "Parra", "Pizarro", "Poblete"),
    *("Quezada", "Ramos", "Retamal", "Riquelme", "Rojas", "Sáez", "Salinas", "Sepúlveda", "Toledo", "Urrutia"),
    *("Valdés", "Vergara", "Yáñez"),
)


@dataclass(frozen=True)
class Name:
    given: str
    families: str
    is_woman: bool

    def __str__(self) -> str:
        return f"{self.given} {self.families}"


class Names:
    """Gives one name after another. 37 given names against 53 families: none comes twice before 1,961."""

    def __init__(self) -> None:
        self.count = 0

    def give(self, *, is_woman: bool) -> Name:
        number, self.count = self.count, self.count + 1
        given = (WOMEN if is_woman else MEN)[number % len(WOMEN)]
        first, second = (FAMILIES[(number * 20 + step) % len(FAMILIES)] for step in (0, 31))
        return Name(given, f"{first} {second}", is_woman)
