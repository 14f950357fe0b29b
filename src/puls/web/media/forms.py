"""The field for a text with its tame editor, and the forms that take pictures and files.

    class NoteForm(WithPreview):
        text = TextField(label=_("What we see"))

The editor is a text area: its toolbar comes with a script, the preview with a plain button. A page
with it links css/editor.css and the module js/editor.js.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from puls.web.media import services, texts

PREVIEW = "forhandsvis"
"""Name of the button that asks to see a text, whatever the form's fields are called."""


class Editor(forms.Textarea):
    """A text area for Markdown, with a preview of what was sent when one asks for it."""

    template_name = "media/editor.html"

    def __init__(self, attrs: dict[str, Any] | None = None, top: int = 2) -> None:
        """top: the level of headings in the preview; h2 where only the page's title is above."""
        super().__init__({"rows": 10, **(attrs or {})})
        self.previewing, self.top = False, top

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        self.previewing = data.get(PREVIEW) == name
        return super().value_from_datadict(data, files, name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        # An id is what the toolbar and the preview are tied to.
        context["widget"]["attrs"].setdefault("id", f"id_{name}")
        context |= {"preview_name": PREVIEW, "previewing": self.previewing}
        if self.previewing:
            context["preview"] = texts.render(str(value or ""), self.top)
        return context


class TextField(forms.CharField):
    """A text in Markdown."""

    def __init__(self, *, max_length: int = texts.LONGEST, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Editor())
        super().__init__(max_length=max_length, **kwargs)


class WithPreview(forms.Form):
    """A form with a text: whoever only asks to see it saves nothing, as it is never valid then."""

    @property
    def is_preview(self) -> bool:
        return PREVIEW in self.data

    def is_valid(self) -> bool:
        return not self.is_preview and super().is_valid()


class PictureForm(forms.Form):
    """A picture and what it shows."""

    picture = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "JPEG, PNG, WebP or GIF. Place, date and everything else that is hidden in it is "
            "taken out. Ask people in it first."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,image/gif"}),
    )
    alt = forms.CharField(
        label=_("What the picture shows"),
        max_length=services.LONGEST_ALT,
        required=False,
        help_text=_("Read aloud to those who do not see it."),
    )
    is_decorative = forms.BooleanField(
        label=_("The picture only decorates and says nothing"), required=False
    )


class TellForm(forms.Form):
    """Other words for what a picture shows."""

    alt = PictureForm.base_fields["alt"]
    is_decorative = PictureForm.base_fields["is_decorative"]


class AttachmentForm(forms.Form):
    """A file to hand out."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, or a file of Word, Excel, PowerPoint or LibreOffice, to be downloaded."),
    )
