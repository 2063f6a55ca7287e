"""What the application can do, one verb per file.

A use case is built once with its ports and then called, always with the actor first: it authorises, loads,
decides, saves and commits. Doors parse, call and present; everything that must hold for all doors is here.
"""
