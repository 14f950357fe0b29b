"""`puls audit`: needs no database."""

from argparse import Namespace

from puls.analysis.suppression import audit_file


def run(given: Namespace) -> None:
    published, isolable = audit_file(given.file, given.k)
    print(f"At a threshold of {given.k} answers, {published} units may be published together.")
    if isolable:
        print(f"{isolable} groups of 1 to {given.k - 1} answers could be worked out from them.")
    else:
        print(f"No group of 1 to {given.k - 1} answers can be worked out from them.")
    print(f"RESULT published={published} isolable={isolable}")
