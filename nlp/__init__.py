"""Pure functions on text: language, names, dates, quotes, copies, stories and events.

Nothing here opens a connection, reads the clock or touches the database.
"""
