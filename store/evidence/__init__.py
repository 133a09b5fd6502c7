"""What proves what was seen: captures, the two chains, time stamps, and whether all still holds.

It never asks the network.
"""
