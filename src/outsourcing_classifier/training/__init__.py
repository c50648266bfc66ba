"""Decided and labelled texts → a model."""
