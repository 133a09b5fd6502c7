"""How texts are found: what the index holds, what a query becomes, what answers.

It never decides what belongs to the affair.
"""
