"""Which days, months and years a text names.

It never reads a clock.
"""
