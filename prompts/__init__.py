"""Prompt texts, one file each."""
