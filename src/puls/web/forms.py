"""How every form looks: Designsystemet's field, with label, help and error tied to the input."""

from typing import Any

from django.forms import BoundField, Widget
from django.forms.renderers import TemplatesSetting


class Field(BoundField):
    """An input of Designsystemet's. Django ties help and errors to it (aria-describedby)."""

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: Widget | None = None
    ) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        if not (widget or self.field.widget).is_hidden:
            built.setdefault("class", "ds-input")
        return built


class Renderer(TemplatesSetting):
    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
    bound_field_class = Field
