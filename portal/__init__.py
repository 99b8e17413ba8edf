"""Roof and floor of the product; exposes the Celery application and does nothing else."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
