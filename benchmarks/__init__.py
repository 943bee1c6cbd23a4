"""Speed and size, measured on this machine."""
