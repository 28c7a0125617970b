"""The records of the Chinook tutorial: rows in, frozen records out."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ArtistSales:
    artist: str | None
    tracks_sold: int
    revenue: Decimal


@dataclass(frozen=True, slots=True)
class AlbumTrack:
    track_id: int
    name: str
    composer: str | None
    milliseconds: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class Customer:
    customer_id: int
    first_name: str
    last_name: str
    company: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Invoice:
    invoice_id: int
    customer_id: int
    invoice_date: datetime
    billing_country: str | None
    total: Decimal


@dataclass(frozen=True, slots=True)
class InvoiceWithLine:
    invoice_id: int
    invoice_date: datetime
    total: Decimal
    track: str
    unit_price: Decimal
    quantity: int


@dataclass(frozen=True, slots=True)
class MonthlyRevenue:
    month: str
    invoices: int
    revenue: Decimal
