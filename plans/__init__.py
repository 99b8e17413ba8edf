"""Acts: improvement plans, their actions, signatures, evidence and verification."""
