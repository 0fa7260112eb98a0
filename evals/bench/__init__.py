"""Speed and memory, beside their bounds. Nothing here judges."""
