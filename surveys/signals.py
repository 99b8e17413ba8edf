"""What this module tells those above, once committed; receivers only enqueue a job."""

from django.dispatch import Signal

# complaint_id; at.
complaint_closed = Signal()
