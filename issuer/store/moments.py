"""Moments as the database keeps them: whole seconds since 1970, UTC."""

from datetime import UTC, datetime


def to_seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def from_seconds(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
