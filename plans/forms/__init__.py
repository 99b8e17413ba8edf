"""Forms of the plan. What is asked here; what is allowed is checked again by the verbs."""
