"""
Small tools that could be a library of their own: clock, ids, digests, atomic files, records to JSON.

A module here knows nothing of functions and runs and imports nothing of ours but `errors`. Not here: anything
with a word of the glossary in its name, anything that a well-kept library already does.

In doubt: could it be published under another name without a change? Only then.
"""
