"""Who repeats whom, and which articles tell one development.

It never holds a text longer than it compares it.
"""
