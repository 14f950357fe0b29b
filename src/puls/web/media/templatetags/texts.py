"""{% load texts %}{{ text|markdown }}, or {{ text|markdown:2 }} where its headings begin at h2."""

from django import template
from django.utils.safestring import SafeString

from puls.web.media import texts

register = template.Library()


@register.filter
def markdown(text: str, top: int = 3) -> SafeString:
    """A text that somebody wrote, as it stands on a page."""
    return texts.render(text, top)
