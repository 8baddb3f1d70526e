"""What an operator is told when something fails, and how: one message a problem, one when it is mended.

What belongs here: which findings are news, and posting messages. What does not: where findings come from.
"""
