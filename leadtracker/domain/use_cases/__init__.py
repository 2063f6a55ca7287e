"""What the application can do, one verb per file.

A use case is built once with its ports and then called, always with the actor first: it authorises, loads,
decides, saves and commits. Entrypoints parse, call and present; what holds for all of them is here.
"""
