"""Web addresses: one for each article, whichever way it was linked."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

MOBILE_HOST = re.compile(r"^(?:m|mobile|amp)\.(?=[^.]+\.)", re.I)
AMP_PATH = re.compile(r"(?:^/amp(?=/.))|(?:/amp/?$)|(?:\.amp(?=\.html?$))", re.I)
# courlan knows the usual tracking parameters; these it leaves.
MORE_TRACKING = frozenset({"amp", "outputtype", "ref", "ref_src", "cmpid", "ocid", "smid", "guccounter", "share"})


def canonical(url: str) -> str:
    """A web address without fragment, tracking parameters, AMP and mobile variants; empty when it is none."""
    if not re.match(r"https?://[^/?#]", url, re.I):
        return ""
    from courlan import clean_url

    cleaned = clean_url(url.partition("#")[0])
    if not cleaned:
        return ""
    parts = urlsplit(cleaned)
    query = [(name, value) for name, value in parse_qsl(parts.query, True) if name.casefold() not in MORE_TRACKING]
    host = MOBILE_HOST.sub("", parts.netloc.lower())
    return urlunsplit((parts.scheme, host, AMP_PATH.sub("", parts.path) or "/", urlencode(query), ""))


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one publisher: the same host, or hosts of one registered domain."""
    hosts = [(urlsplit(url).hostname or "").lower() for url in (one, other)]
    if hosts[0] == hosts[1]:
        return True
    from courlan import extract_domain

    domains = [extract_domain(url) for url in (one, other)]
    return domains[0] is not None and domains[0] == domains[1]


def address_of(found_at: str, named: str) -> str:
    """The address of an article that was found at one address and names another as its canonical one.

    The name is believed only when it is of the same site and no mere front page: a page must not pass itself
    off as another publisher's article.
    """
    own, theirs = canonical(found_at), canonical(named)
    if not theirs or not same_site(own, theirs):
        return own
    is_front = urlsplit(theirs).path in {"", "/"} and urlsplit(own).path not in {"", "/"}
    return own if is_front else theirs
