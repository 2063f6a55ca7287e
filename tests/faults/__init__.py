"""Faults on purpose: campaigns against real processes, databases, mail servers and receivers.

``python -m tests.faults`` runs them all, or those that are named: ``python -m tests.faults K2 O4``. With
``FAULTS=full`` in the environment they take the sizes they are meant for, else smaller ones (``quick``). Each
prints one line, ``PASS id name=value …`` or ``FAIL id name=value … | what is wrong``; where there are two
values with a slash between them, the first is SQLite's and the second PostgreSQL's.

To add one: write a file with a function that takes a ``Ground`` and counts into its tally, and put its
``CAMPAIGN`` into the list in ``catalogue.py``. Plant a bug and see it fail.
"""
