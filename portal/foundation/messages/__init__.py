"""Outbox in the caller's transaction; delivery by a worker."""
