"""Reviewing a scored file with people: families, workbooks, audits."""
