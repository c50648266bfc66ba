"""Tokens × words → language, word forms, clauses, roles, parts. Rules of reading, no vocabulary."""
