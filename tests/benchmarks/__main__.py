"""Prepare the bench's own database (never the demonstration's), then measure.

``make bench`` takes SQLite; ``DATABASE_URL=postgres://… make bench`` takes that PostgreSQL database.
"""

from __future__ import annotations

import argparse
import os

from tests.benchmarks import framework


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=["small", "country"], default="country", help="of the seeded data")
    parser.add_argument("--only", default="", help="take measures whose title holds this")
    arguments = parser.parse_args()

    framework.DATA.mkdir(parents=True, exist_ok=True)
    data = framework.DATA / arguments.size
    os.environ["DATA_DIR"] = str(data)
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{data / 'mejora.sqlite3'}")
    os.environ["DEBUG"] = "false"
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.base"

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("seed_demo", size=arguments.size, if_empty=True)
    framework.load_measures()
    framework.run(framework.Bench(), arguments.only)


main()
