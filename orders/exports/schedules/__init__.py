"""What is delivered when: a view, what needs somebody, the portfolio, or a file of it.

`running` starts what is due, `looking` looks with the owner's rights of that moment, `settling` writes down
what came of it, `telling` tells the owner. `keeping` is how people make and end them.
"""
