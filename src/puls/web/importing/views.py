"""Answers from a file: it is uploaded, somebody confirms what its columns are, it comes in."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from puls.content.definitions import Survey
from puls.errors import NotNow, PulsError
from puls.registers import exported, matching
from puls.registers.mapping import ColumnMap, understand
from puls.registers.matching import How
from puls.registers.sheets import MOST_BYTES
from puls.registers.tables import AnswersTable
from puls.web.answering import page
from puls.web.collect import refusals
from puls.web.collect.folders import folders
from puls.web.collect.models import SavedMap
from puls.web.collect.queries import Seen
from puls.web.collect.views import mine, told, trail
from puls.web.importing import column_maps, map_form, waiting
from puls.web.importing.answers import HoldsAlready, bring_in
from puls.web.importing.answers import How as HowIn
from puls.web.importing.registers import Imported
from puls.web.packs import language_of, pack
from puls.web.tenants.access import ReachRequest, reach_required

COOKIE = "puls_file"


class FileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File with answers"),
        help_text=gettext_lazy("XLSX, CSV, SPSS (.sav), or LimeSurvey's VV or CSV; up to 20 MB."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@reach_required
def answers(request: ReachRequest, key: UUID) -> HttpResponseBase:
    """The upload, or what its columns are."""
    seen = mine(request, key)
    whose = f"{request.user.pk}/{key}"
    token = request.COOKIES.get(COOKIE, "")
    if seen.state not in ("prepared", "open"):
        waiting.forget(folders(), token)
        messages.error(request, _("The round is closed: no more answers come in."))
        return _without_cookie(redirect("collect:round", key), key)
    file = waiting.waiting(folders(), token, whose) if token else None
    if request.method == "POST" and "upload" in request.POST:
        return _uploaded(request, seen, token, whose)
    if "cancel" in request.POST:
        waiting.forget(folders(), token)
        return _without_cookie(redirect("collect:round", key), key)
    if file is None:
        form = FileForm()
        if request.method == "POST":
            form = FileForm({})
            form.full_clean()
            form.errors.clear()
            form.add_error(
                None, _("The file was deleted, as it lay here for an hour. Upload it again.")
            )
        return _upload_page(request, seen, form, 200 if request.method == "GET" else 410)
    return _Mapping(request, seen, file, token).answer()


def _uploaded(request: ReachRequest, seen: Seen, token: str, whose: str) -> HttpResponseBase:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _upload_page(request, seen, form, 422)
    upload = form.cleaned_data["file"]
    try:
        table = exported.read(upload.name, upload.read(MOST_BYTES + 1))
        waiting.forget(folders(), token)
        token = waiting.keep(folders(), upload.name[:200], table, whose)
    except PulsError as slip:
        form.add_error("file", refusals.sentence(slip))
        return _upload_page(request, seen, form, 422)
    response = redirect("importing:answers", seen.plan.pk)
    response.set_cookie(
        COOKIE,
        token,
        max_age=waiting.SECONDS,
        path=reverse("importing:answers", args=[seen.plan.pk]),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def _upload_page(
    request: ReachRequest, seen: Seen, form: FileForm, status: int = 200
) -> HttpResponse:
    words = told(seen, pack(), language_of(pack()))
    here = trail(words["name"], seen.plan.pk, _("Answers from a file"))
    response = page(request, "importing/answers.html", {**words, "form": form, "trail": here})
    response.status_code = status
    return response


def _without_cookie(response: HttpResponseBase, key: UUID) -> HttpResponseBase:
    response.delete_cookie(COOKIE, path=reverse("importing:answers", args=[key]))
    return response


class _Mapping:
    """One look at a file that waits: what it is taken for, and what would come in."""

    def __init__(
        self, request: ReachRequest, seen: Seen, file: waiting.Waiting, token: str
    ) -> None:
        self.request, self.seen, self.file, self.token = request, seen, file, token
        self.pack, self.language = pack(), language_of(pack())
        self.known = column_maps.known_of(seen.plan, self.pack)
        self.maps = column_maps.saved(seen.plan.survey, file.table)
        self.how: dict[str, How] = {}
        self.used: SavedMap | None = None
        self.chosen = self._chosen()
        self.read = understand(file.table, self.known, self.chosen)

    def _chosen(self) -> ColumnMap:
        if self.request.method == "POST" and "map" not in self.request.POST:
            return map_form.chosen_from(self.request.POST.dict(), self.file.table, self.known)
        asked = self.request.POST.get("map", "")
        found = next((each for each in self.maps if str(each.pk) == asked), None)
        if found is None and not asked and self.maps:
            found = self.maps[0]
        if found is not None:
            self.used = found
            chosen = column_maps.fitting(column_maps.from_json(found.content), self.known)
            self.how = dict.fromkeys(chosen.columns, How.SAVED)
            return chosen
        proposal = matching.propose(self.file.table, self.known)
        self.how = proposal.how
        return proposal.map

    def answer(self) -> HttpResponseBase:
        held = {"add": "add", "replace": "replace"}.get(self.request.POST.get("held", ""), "")
        if "save" in self.request.POST:
            return self._kept() or self._page(None, held)
        if "import" in self.request.POST and self.read.answers is not None:
            return self._imported(held)
        return self._page(self._would(held), held)

    def _kept(self) -> HttpResponseBase | None:
        name = self.request.POST.get("name", "").strip()[:80]
        if not name:
            messages.error(self.request, _("Write a name for the mapping."))
        else:
            plan = self.seen.plan
            column_maps.map_save(self.request.reach, plan, self.file.table, name, self.chosen)
            messages.success(self.request, _("The mapping is kept as “%(name)s”.") % {"name": name})
            self.maps = column_maps.saved(plan.survey, self.file.table)
        return None

    def _bring(self, held: str, dry: bool) -> Imported:
        plan = self.seen.plan
        how = HowIn(
            add=held == "add",
            replace=held == "replace",
            dry=dry,
            plan=plan,
            by=str(self.request.user)[:200],
        )
        name, period, unit = self.file.name, plan.period, plan.unit_id
        return bring_in(self._reader, name, plan.survey, period, unit, self.pack, folders(), how)

    def _reader(self, _survey: Survey, groups: Collection[str]) -> AnswersTable:
        made = self.read.answers
        assert made is not None
        if not set(made.frame["leaf"]) <= set(groups):
            raise NotNow(_("A department is no longer there. Look at the departments again."))
        return made

    def _would(self, held: str) -> dict[str, Any] | None:
        """What an import would do now; None while something is not understood."""
        made = self.read.answers
        if made is None:
            return None
        out = len(made.refused)
        nowhere = sum(why.startswith("of no unit") for _where, why in made.refused)
        counts = {
            "answers": made.frame.height,
            "silent": out - nowhere,
            "nowhere": nowhere,
            "held": held,
        }
        try:
            done = self._bring(held, dry=True)
        except HoldsAlready as reason:
            return {**counts, "holds": reason.held, "problem": ""}
        except PulsError as reason:
            empty = _("Nobody has answered anything in the file.") if not made.frame.height else ""
            return {**counts, "problem": empty or refusals.sentence(reason)}
        return {**counts, "problem": "", "same": not done.new}

    def _imported(self, held: str) -> HttpResponseBase:
        try:
            done = self._bring(held, dry=False)
        except PulsError as reason:
            if not isinstance(reason, HoldsAlready):
                messages.error(self.request, refusals.sentence(reason))
            return self._page(self._would(held), held)
        waiting.forget(folders(), self.token)
        if done.new:
            messages.success(
                self.request,
                _("%(n)s answers came in. The file is deleted here.") % {"n": done.stored},
            )
        else:
            messages.info(
                self.request,
                _("These answers are in the round already. Nothing was changed; the file is "
                  "deleted here."),
            )  # fmt: skip
        response = redirect("collect:round", self.seen.plan.pk)
        return _without_cookie(response, self.seen.plan.pk)

    def _page(self, would: dict[str, Any] | None, held: str) -> HttpResponse:
        table, read, words = self.file.table, self.read, told(self.seen, self.pack, self.language)
        if would is None and read.answers is not None:
            would = self._would(held)
        lines = map_form.lines(read, table, self.known, self.pack, self.language, self.how)
        values = map_form.values(read, self.known, self.pack, self.language)
        guessed = sum(each.guessed for each in values)
        context = {
            **words,
            "trail": trail(words["name"], self.seen.plan.pk, _("Answers from a file")),
            "file": self.file.name,
            "rows": len(table.rows),
            "columns": map_form.headed(table.columns),
            "listed_once": len(table.columns) > map_form.MOST_LISTED,
            "open_lines": [each for each in lines if not each.sure],
            "sure_lines": [each for each in lines if each.sure],
            "unfound": sum(not each.place for each in lines),
            "values": values,
            "unread": map_form.unread(table, self.chosen),
            "leaves": sorted(self.known.leaves.items(), key=lambda each: each[1]),
            "everybody": self.chosen.everybody,
            "strange": max(0, read.strange - guessed),
            "guessed": guessed,
            "own": self.seen.plan.own,
            "no_unit": not self.chosen.everybody and "unit" not in self.chosen.columns,
            "would": would,
            "maps": self.maps,
            "used": self.used,
            "key": self.seen.plan.pk,
        }
        return page(self.request, "importing/answers_map.html", context)
