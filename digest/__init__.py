"""The digest of one list on one local date: choose (pure), render, send.

It never decides what is relevant; the list's query does.
"""
