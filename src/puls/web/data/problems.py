"""What is wrong with a request, for programs and the people who write them (RFC 9457)."""

from dataclasses import dataclass, field

from django.http import JsonResponse

CONTENT_TYPE = "application/problem+json"


@dataclass(eq=False)
class Problem(Exception):
    """One thing that is wrong: what, where in the request, and what to do about it."""

    status: int
    kind: str
    title: str
    where: str
    what_to_do: str
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self, path: str, documentation: str) -> JsonResponse:
        told = {
            "type": f"{documentation}#{self.kind}",
            "title": self.title,
            "status": self.status,
            "instance": path,
            "where": self.where,
            "what_to_do": self.what_to_do,
        }
        answer = JsonResponse(told, status=self.status, content_type=CONTENT_TYPE)
        for name, value in self.headers.items():
            answer.headers[name] = value
        return answer
