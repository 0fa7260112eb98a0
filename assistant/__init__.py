"""Cited answers from implementation guidance."""
