"""Listens: satisfaction rounds, consultations, complaints and suggestions."""
