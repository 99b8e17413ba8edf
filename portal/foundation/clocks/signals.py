"""What clocks tell the modules above, once committed; receivers only enqueue a job."""

from django.dispatch import Signal

# clock_id; step: the number of the last step that has come, from 1 (earlier ones may have come with it); at.
clock_escalated = Signal()
