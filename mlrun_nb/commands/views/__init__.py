"""
What people read: one module per record, from record to styled lines.

Here belong words, order and layout; each function takes records and a width and returns a `Document`. Not here: asking
a store or an engine (the verbs beside this package do), knowing a terminal, a file or HTML.
"""
