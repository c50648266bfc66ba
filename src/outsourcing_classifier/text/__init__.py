"""Text to tokens: normalising with offsets, splitting. Knows no word."""
