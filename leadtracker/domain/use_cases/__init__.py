"""The use cases of the application, grouped by noun.

A use case is built once with its ports and called with the actor first. It authorises the actor, loads,
decides, saves and commits. Entrypoints only parse input, call a use case and present its result, so that a
rule here holds for all of them.
"""
