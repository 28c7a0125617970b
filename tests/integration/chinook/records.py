"""The records of the Chinook statements."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Album:
    album_id: int
    title: str
    artist_id: int


@dataclass(frozen=True, slots=True)
class Artist:
    artist_id: int
    artist: str | None


@dataclass(frozen=True, slots=True)
class ArtistAlbum:
    artist_id: int
    artist: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class ArtistCount:
    artist_id: int
    artist: str | None
    albums: int


@dataclass(frozen=True, slots=True)
class PlayingTime:
    album_id: int
    title: str
    longest: int
    tracks: int


@dataclass(frozen=True, slots=True)
class GenreTrack:
    genre: str | None
    track: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class PlaylistTrack:
    playlist: str | None
    track: str
    album: str | None
    genre: str | None


@dataclass(frozen=True, slots=True)
class Labelled:
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    track_id: int
    before_it: str | None
    name: str
    after_it: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    customer_id: int
    first_name: str
    last_name: str
    company: str | None
    email: str


@dataclass(frozen=True, slots=True)
class CountrySales:
    country: str
    invoices: int
    total: Decimal


@dataclass(frozen=True, slots=True)
class RunningTotal:
    invoice_id: int
    total: Decimal
    place: int
    so_far: int


@dataclass(frozen=True, slots=True)
class Support:
    customer_id: int
    customer: str
    employee: str | None


@dataclass(frozen=True, slots=True)
class InHierarchy:
    employee_id: int
    last_name: str
    reports_to: int | None
    depth: int


@dataclass(frozen=True, slots=True)
class Above:
    employee_id: int
    last_name: str
    steps: int


@dataclass(frozen=True, slots=True)
class EmployeeSales:
    employee_id: int
    employee: str
    invoices: int


@dataclass(frozen=True, slots=True)
class CitySales:
    city: str | None
    average: Decimal
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class BestCustomer:
    customer_id: int
    last_name: str
    spent: Decimal


@dataclass(frozen=True, slots=True)
class Size:
    size: str
    invoices: int


@dataclass(frozen=True, slots=True)
class Genre:
    genre_id: int
    name: str | None
