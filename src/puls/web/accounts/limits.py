"""How attempts are counted: under names that tell neither whose they are nor from where."""

from django.utils.crypto import salted_hmac


def cache_key(key: str, prefix: str, version: int) -> str:
    """A name for the cache's table, which allauth would give the address of the network."""
    value = f"{prefix}:{version}:{key}"
    return salted_hmac("puls.accounts.limits", value, algorithm="sha256").hexdigest()
