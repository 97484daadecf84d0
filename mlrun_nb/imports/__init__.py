"""
Functions that were written for MLRun, read and made into notebooks of ours.

Pure: bytes in, bytes out; services hand in the files. What is read is a stranger's: YAML is loaded as plain data,
source is parsed and never executed. Each line of what was read ends in the notebook or in the report, with the reason.
Not here: what that code calls while it runs (`from_mlrun`), files, URLs and git (services, hubs).

In doubt: would it be needed if MLRun's files were the only thing of it left? Then it belongs here.
"""
