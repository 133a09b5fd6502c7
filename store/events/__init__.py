"""Events: what dates something, the events of each date, and what is counted to weigh them.

It never builds one.
"""
