"""What Puls's pages are held against, under the same server: `python -m benchmarks.bare WHAT PORT`.

ok      Django's answer "ok", with no middleware: the bound.
plain   the same table as an ordinary Django page: logged in, ORM, template, nothing kept.
"""

import multiprocessing
import os
import sys
from typing import Any

from benchmarks.released import COLUMNS


def ok() -> Any:
    """The application that says "ok"."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import path

    def say(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    settings.configure(
        ALLOWED_HOSTS=["*"], ROOT_URLCONF=(path("<path:_any>", lambda r, _any: say(r)),),
        SECRET_KEY="of no use", MIDDLEWARE=[],
    )  # fmt: skip
    return get_wsgi_application()


PAGE = """<!doctype html><html><head><title>{{ unit.name }}</title></head><body>
<h1>{{ unit.name }}</h1><table><thead><tr><th></th>{% for name in names %}<th>{{ name }}</th>
{% endfor %}</tr></thead><tbody>{% for row in rows %}<tr><th>{{ row.0.name }}</th>
{% for cell in row.1 %}<td class="level-{{ cell.level_low|default:"none" }}">
{% if cell.status == "shown" %}{{ cell.value|floatformat:1 }} <small>n={{ cell.n }}</small>
{% else %}hidden{% endif %}</td>{% endfor %}</tr>{% endfor %}</tbody></table></body></html>"""


def plain() -> Any:
    """Puls's settings, people, reach and rows, and a page as one writes it first."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "puls.web.settings"
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.template import engines
    from django.urls import path

    application = get_wsgi_application()
    from puls import periods
    from puls.web.assess.models import Cell
    from puls.web.packs import pack
    from puls.web.tenants.access import ReachRequest, reach_required
    from puls.web.tenants.models import Unit

    page = engines["django"].from_string(PAGE)
    names = sorted(pack().indicators)[:COLUMNS]

    @reach_required
    def table(request: ReachRequest, unit: str, period: str) -> HttpResponse:
        own = Unit.objects.get(key=unit)
        units = [own, *Unit.objects.filter(parent=own), *Unit.objects.filter(depth__lt=own.depth)]
        found = Cell.objects.filter(
            unit__in=units, period=periods.parse(period), part="", years=1, indicator__in=names
        )
        cells = {(each.unit_id, each.indicator): each for each in found}
        rows = [(each, [cells.get((each.key, name)) for name in names]) for each in units]
        return HttpResponse(page.render({"unit": own, "names": names, "rows": rows}, request))

    def any_table(request: HttpRequest, unit: str, period: str) -> Any:
        return table(request, unit, period)

    settings.ROOT_URLCONF = (path("hvor-er-vi/<str:unit>/<str:period>/", any_table),)
    settings.MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ]
    return get_wsgi_application() or application


def main() -> int:
    what, port = sys.argv[1], int(sys.argv[2])
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    multiprocessing.set_start_method("spawn", force=True)
    Server(
        f"benchmarks.bare:{what}", factory=True, address="127.0.0.1", port=port,
        interface=Interfaces.WSGI, workers=2, blocking_threads=4, workers_kill_timeout=1,
        log_level=LogLevels.error,
    ).serve()  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
