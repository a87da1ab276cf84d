"""Telling a script that a file is ready: one signed POST, sent again while nobody takes it."""
