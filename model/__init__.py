"""The nouns, the configuration's schema, the query grammar and the error tree.

Everything above imports this package; it imports nothing of ours, opens no connection and
touches no database.
"""
