"""
The records everything else speaks in: functions, versions, runs, states, options, quantities.

Frozen dataclasses of the standard library, the table of transitions, the one table of options. No input or
output, no third-party import, no `Any`. Not here: how a record is obtained, stored, shown or sent.

In doubt: would two layers otherwise describe the same thing twice? Then its record belongs here.
"""
