"""The networks by which rate limits distinguish clients."""

from ipaddress import IPv6Address, ip_address, ip_network

Key = tuple[str, int]
"""A network, and by how much larger than that of a single client its limit is."""

_CLIENT_PREFIX, _SITE_PREFIX = 64, 48
_CLIENTS_PER_SITE = 8


def limit_keys(address: str) -> list[Key]:
    """Return the networks in which requests from ``address`` are counted.

    A single IPv6 client owns at least a /64 and can use any address in it (RFC 6177), and often a /48.
    Unparsable text counts as one client.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return [(address, 1)]
    if not isinstance(ip, IPv6Address):
        return [(str(ip), 1)]
    if ip.ipv4_mapped is not None:
        return [(str(ip.ipv4_mapped), 1)]
    client, site = (ip_network((ip, prefix), strict=False) for prefix in (_CLIENT_PREFIX, _SITE_PREFIX))
    return [(str(client), 1), (str(site), _CLIENTS_PER_SITE)]
