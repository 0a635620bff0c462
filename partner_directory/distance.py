"""How far apart two places are, as the crow flies. Pure: imports nothing of Django."""

from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

EARTH_RADIUS = 6371.0088  # kilometres, the mean


class Point(NamedTuple):
    """A place on the globe in degrees, north and east positive."""

    latitude: float
    longitude: float


def kilometres(here: Point, there: Point) -> float:
    """The great-circle distance between two places (the haversine formula)."""
    north, other_north = radians(here.latitude), radians(there.latitude)
    east = radians(there.longitude - here.longitude)
    chord = sin((other_north - north) / 2) ** 2 + cos(north) * cos(other_north) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(min(1.0, chord)))
