"""Forms of the whole application: one renderer, so that every field looks and behaves alike."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Renders forms and fields with the project's own templates."""
