"""One module a command; each is imported only when its command is called.

None of them holds a rule: they read arguments, call the parts and print.
"""
