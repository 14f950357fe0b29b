"""`puls replies`: answers to invitations that came by e-mail."""

from argparse import Namespace

from puls.commands.opening import open_data
from puls.errors import ImportFileError

OWNER = "owner"


def replies(given: Namespace) -> None:
    """Reads calendar files, letters and maildirs. Says of each file what became of it, of nobody
    who they are; a file that holds no answer stops nothing."""
    open_data(given)
    from django.utils import timezone

    from puls.web.meet import people, replies
    from puls.web.tenants.access import as_whole_tree

    with as_whole_tree(OWNER):
        people.people_forget(timezone.localdate(), OWNER)
    kept = 0
    for path in replies.files(given.files):
        try:
            answers = replies.read_file(path)
        except ImportFileError as problem:
            print(problem)
            continue
        with as_whole_tree(OWNER):
            outcomes = replies.take(answers, OWNER)
        noted = sum(each.is_kept for each in outcomes)
        kept += noted
        print(f"{path.name}: {noted} noted, {len(outcomes) - noted} not")
    print(f"{kept} answers are noted.")
