"""Who is said to have said what.

It never finds a name itself.
"""
