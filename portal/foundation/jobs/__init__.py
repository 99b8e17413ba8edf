"""Durable background work: a row in the caller's transaction, a lease, a sweep."""
