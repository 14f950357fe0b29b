"""`puls nightly`: what is done once a night. Done twice it changes nothing more."""

from argparse import Namespace
from datetime import date, datetime, time, timedelta

from puls.commands.opening import open_data
from puls.errors import PulsError

AT = time(4, 30)
"""When a server that is running does it by itself, on its own clock."""


def run(given: Namespace) -> None:
    open_data(given)
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from puls.web.meet.people import people_forget
    from puls.web.meet.sending import send_left
    from puls.web.mine.posting import post
    from puls.web.tenants.access import as_whole_tree

    today = timezone.localdate()
    SessionStore.clear_expired()
    with as_whole_tree("owner"):
        forgotten = people_forget(today, "owner")
    print(f"Forgotten: {forgotten} people who were invited to meetings that are long over.")
    sent, left = send_left(timezone.now())
    print(f"Tried again: {sent} letters about meetings were sent, {left} still wait.")
    print(f"Sent: {post(today)} e-mails with what waits.")
    files()
    mails(today)
    registers()


def files() -> None:
    """Files of answers that nobody came back for; their keys went with their browsers' cookies."""
    from puls.web.collect.folders import folders
    from puls.web.importing.waiting import sweep

    print(f"Removed: {sweep(folders())} files of answers that nobody imported.")


def mails(today: date) -> None:
    """Digests of addresses in rounds that ended long ago and were never sealed."""
    from puls.web.collect.folders import folders
    from puls.web.collect.mailed import forget

    print(f"Forgotten: {forget(today, folders())} e-mails of rounds that ended long ago.")


def registers() -> None:
    """Last, and whatever goes wrong: a register that is down must not cost the night its work."""
    from django.conf import settings

    from puls.commands.fetching import fetch, look_at_borders

    if not settings.PULS_FETCH:
        return
    look_at_borders()
    try:
        failed = fetch()
    except PulsError as error:
        print(f"Registers: {error}")
        return
    if failed:
        print(f"Registers: {failed} could not be fetched; tried again tomorrow night.")


def seconds_until(now: datetime) -> float:
    """How long until the next night's work. now: with a time zone."""
    due = datetime.combine(now.date(), AT, now.tzinfo)
    return ((due if due > now else due + timedelta(days=1)) - now).total_seconds()
