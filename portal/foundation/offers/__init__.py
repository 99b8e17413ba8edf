"""Actions that an upper module offers on a lower module's object."""
