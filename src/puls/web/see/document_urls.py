"""Addresses of documents: beside the page whose numbers they take along."""

from django.urls import path

from puls.web.see import documents

app_name = "documents"
urlpatterns = [
    path(
        "hvor-er-vi/<str:unit>/<str:period>/hvor-er-vi.pdf",
        documents.document,
        {"kind": "pdf"},
        name="pdf",
    ),
    path(
        "hvor-er-vi/<str:unit>/<str:period>/hvor-er-vi.pptx",
        documents.document,
        {"kind": "pptx"},
        name="pptx",
    ),
    path("over-tid/<str:unit>/<str:key>.png", documents.picture, name="picture"),
]
