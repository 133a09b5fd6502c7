"""Backups of a data folder, and getting one back.

Nothing here deletes what was there before.
"""
