"""Inventories as people have them: CSV and XLSX in and out."""
