"""The seed: a believable country built by calling the real verbs."""
