"""The index at its full size: found, written, drawn; on both databases."""
