"""What comes in: register files with their figures, and rounds with their answers.

No page reads any of this: puls_web has no right to these tables. Figures and answers reach
readers only through a release (`puls.web.assess`).
"""

from puls.web.collect.models.asked import Code, Group, Job, Mailed, Plan
from puls.web.collect.models.imports import ANSWERS, Figure, ImportRecord, SavedMap
from puls.web.collect.models.rounds import Answer, Round

__all__ = [
    "ANSWERS",
    "Answer",
    "Code",
    "Figure",
    "Group",
    "ImportRecord",
    "Job",
    "Mailed",
    "Plan",
    "Round",
    "SavedMap",
]
