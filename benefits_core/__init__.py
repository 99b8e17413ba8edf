"""The work: procedures, applications, decisions, attentions."""
