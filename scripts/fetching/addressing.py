"""Which addresses may be asked: those on the public network, and neighbours of who names them.

A feed is written by others. Its links, and wherever a redirect leads, must not make this machine
ask itself, its network or its cloud's metadata for what nobody outside could get.
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import httpx

from scripts.fetching.errors import FetchError

_PORTS = {"http": 80, "https": 443}
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
# Addresses of IPv4, as a network that has only IPv6 writes them.
_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Network(Enum):
    """Where an address leads."""

    PUBLIC = "public"
    THIS_MACHINE = "this machine"
    THIS_LINK = "this link"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Reach:
    """The networks that addresses may lead to."""

    networks: frozenset[Network]

    def check(self, addresses: Sequence[str]) -> None:
        """Raise FetchError if one of the addresses leads elsewhere."""
        for address in addresses:
            if network_of(address) not in self.networks:
                raise FetchError(
                    f"leads to {address}, which is not public, and who links to it is; if it is "
                    "meant, name it yourself, or use --allow-private"
                )


ANYWHERE = Reach(frozenset(Network))


def reach_from(addresses: Sequence[str]) -> Reach:
    """Return what a host with these addresses may lead to: the public, and its own network.

    One that is public is no neighbour, whatever else its name stands for.
    """
    own = frozenset(map(network_of, addresses))
    public = frozenset({Network.PUBLIC})
    return Reach(public if Network.PUBLIC in own else public | own)


def network_of(address: str) -> Network:
    """Return where an IP address leads; raises ValueError if it is none."""
    plain = _without_wrapping(ipaddress.ip_address(address))
    if plain.is_loopback or plain.is_unspecified:
        return Network.THIS_MACHINE
    if plain.is_link_local:
        return Network.THIS_LINK
    in_public_range = plain in _PUBLIC_IPV6 if plain.version == 6 else not plain.is_multicast
    return Network.PUBLIC if plain.is_global and in_public_range else Network.PRIVATE


def _without_wrapping(address: _Address) -> _Address:
    """Return the address of IPv4 that one of IPv6 stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _TRANSLATED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def resolved(url: str) -> list[str]:
    """Return the IP addresses of a URL's host, in the order to try; raises FetchError."""
    parts = httpx.URL(url)
    host = parts.raw_host.decode()
    try:
        found = socket.getaddrinfo(
            host, parts.port or _PORTS[parts.scheme], type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError, OverflowError) as error:
        raise FetchError(
            f"has a host that is not known ({host}); check the address and this machine's network"
        ) from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def web_address(url: str) -> str:
    """Return a URL in the one form in which it is asked, kept and named, in ASCII.

    Raises FetchError if it is none of http or https, or not to be written into a page.
    """
    try:
        parts = httpx.URL(url.strip())
        # It is decoded where it is asked for.
        has_host = parts.host != ""
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError(f"is no address ({error}); correct it") from error
    if parts.scheme not in _PORTS or not has_host:
        raise FetchError("is no address of the web; write one that begins with https:// or http://")
    if parts.userinfo:
        raise FetchError(
            "holds a name or password, which would be written into what is saved; leave them out"
        )
    return str(parts.copy_with(raw_path=parts.raw_path, fragment=None))


def led_to(url: str, target: str) -> str:
    """Return where an address leads by a redirect; raises FetchError if that is nowhere."""
    try:
        return web_address(str(httpx.URL(url).join(target)))
    except (httpx.InvalidURL, UnicodeError, FetchError) as error:
        raise FetchError(
            f"leads to {target!r}, which is no address of the web; tell who runs it"
        ) from error


def origin(url: str) -> str:
    """Return scheme, host and port of a URL: what one robots.txt is about."""
    return str(httpx.URL(url).join("/")).rstrip("/")
