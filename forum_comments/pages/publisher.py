"""What only the publisher of a site knows: its address, whom to ask for a removal, whom to tell of a hole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from forum_comments.errors import PageError

WEB = ("https://", "http://")
CONTACT = ("mailto:", "https://", "tel:")  # RFC 9116, 2.5.3


@dataclass(frozen=True, slots=True)
class Publisher:
    """What the publisher has said; None: nothing."""

    site_url: str | None = None  # the site's address, without a path
    removal_contact: str | None = None  # a URI: whom to ask to have something removed
    security_contact: str | None = None  # a URI
    security_expires: str | None = None  # when the contact is to be asked for again, ISO 8601


def publisher_of(configured: Mapping[str, Any] | None) -> Publisher:
    """Read it from the plugin's configuration. Raises PageError, with a sentence, where a value cannot be used."""
    said = {name: str(value).strip() for name in Publisher.__slots__ if (value := (configured or {}).get(name))}
    publisher = Publisher(**said)
    site = publisher.site_url
    if site is not None and (not site.startswith(WEB) or site.rstrip("/").count("/") != 2):
        raise PageError(f"site_url is “{site}”; expected https:// and a host, without a path.")
    for name in ("removal_contact", "security_contact"):
        contact = getattr(publisher, name)
        if contact is not None and not contact.startswith(CONTACT):
            raise PageError(f"{name} is “{contact}”; expected it to begin with {', '.join(CONTACT)}.")
    if (publisher.security_contact is None) != (publisher.security_expires is None):
        raise PageError("security_contact and security_expires belong together; one of them is not set.")
    if publisher.security_expires is not None:
        _require_time(publisher.security_expires)
    return publisher


def security_text(publisher: Publisher, canonical: str) -> str | None:
    """security.txt (RFC 9116) at the address `canonical`; None where the publisher names no contact."""
    if publisher.security_contact is None:
        return None
    return (
        f"Contact: {publisher.security_contact}\n"
        f"Expires: {publisher.security_expires}\n"
        "Preferred-Languages: en\n"
        f"Canonical: {canonical}\n"
    )


def _require_time(text: str) -> None:
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        time = None
    if time is None or time.tzinfo is None or "T" not in text:
        raise PageError(f"security_expires is “{text}”; expected a time such as 2030-01-31T00:00:00Z.")
