"""A news site for tests: several outlets on loopback, with pages, feeds, sitemaps and faults.

with NewsSite() as site:
    courier = site.outlet("Harbour Courier")
    url = courier.publish("bridge", "Bridge opens", ["It opened.", …], published=moment)
    courier.fault("/rss.xml", Status(503, retry_after=1), times=2)
"""

from tests.newssite.faults import (
    BINARY,
    EMPTY,
    ENTITY_BOMB,
    BigBody,
    Broken,
    Drip,
    Fault,
    GzipBomb,
    Hang,
    Redirect,
    RedirectChain,
    RedirectLoop,
    Replaced,
    Reset,
    Slow,
    Status,
    TruncatedGzip,
    UnknownEncoding,
    WrongLength,
    external_entity,
)
from tests.newssite.filling import fill, story
from tests.newssite.outlet import NewsSite, Outlet, Settings
from tests.newssite.records import Charset, Kind, LiveUpdate
from tests.newssite.server import Request

__all__ = [
    "BINARY",
    "EMPTY",
    "ENTITY_BOMB",
    "BigBody",
    "Broken",
    "Charset",
    "Drip",
    "Fault",
    "GzipBomb",
    "Hang",
    "Kind",
    "LiveUpdate",
    "NewsSite",
    "Outlet",
    "Redirect",
    "RedirectChain",
    "RedirectLoop",
    "Replaced",
    "Request",
    "Reset",
    "Settings",
    "Slow",
    "Status",
    "TruncatedGzip",
    "UnknownEncoding",
    "WrongLength",
    "external_entity",
    "fill",
    "story",
]
