"""Fault campaigns against real processes, databases, mail servers and receivers.

``python -m tests.faults`` runs all campaigns, ``python -m tests.faults kill-web smtp-flaky`` runs two,
``--list`` prints their names, and ``--prove`` plants the bugs that campaigns exist for. With ``FAULTS=full``
in the environment they take their full sizes, else smaller ones (``quick``). Each prints one line,
``PASS slug name=value …`` or ``FAIL slug name=value … | what is wrong``; where there are two
values with a slash between them, the first is SQLite's and the second PostgreSQL's.

To add one: write a file with a function that takes a ``Sandbox`` and counts into its tally, and put its
``CAMPAIGN`` into the list in ``catalogue.py``. Give it the bug that it exists for as a ``PlantedBug``, which
replaces an adapter or a use case, never a switch in the program, and see ``--prove`` find it.
"""
