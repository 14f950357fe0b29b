"""LimeSurvey's kinds of questions: what a pack can take, and what is told of the others."""

FIXED = {"5": 5, "A": 5, "B": 10}
"""Kinds with numbers from 1 for answers, and how many."""
ITEMS = ("F", "H", "A", "B")
"""Arrays: each subquestion is an item."""
LISTS = ("L", "!", "O")
NO_ITEMS = {
    "T": "a text", "U": "a text", "S": "a text", "Q": "texts", ";": "an array of texts",
    "N": "a number", "K": "numbers", ":": "an array of numbers", "D": "a date", "R": "a ranking",
    "M": "several choices at once", "P": "several choices at once", "1": "two scales at once",
    "E": "more, the same or less, which has no words of its own",
    "C": "yes, no or uncertain, which is no scale",
    "G": "gender, which a pack asks in its own words", "Y": "yes or no, which is no scale",
    "I": "the language", "|": "a file", "X": "a text to read", "*": "an equation",
}  # fmt: skip
NOTES = {
    "logic": "LimeSurvey showed it to some only; Puls asks everybody",
    "filter": "LimeSurvey showed parts of it by other answers; Puls asks everybody",
    "other": "its 'other' with own words is left out",
    "random": "LimeSurvey changed the order; Puls keeps it",
    "hidden": "LimeSurvey did not show it",
    "placeholder": "a placeholder in braces was taken out of its words: read them through",
}
SKIP = {"nb": "Vet ikke, eller vil ikke svare", "nn": "Veit ikkje, eller vil ikkje svare",
        "en": "Don't know, or prefer not to say"}  # fmt: skip
