"""The only doors to models."""
