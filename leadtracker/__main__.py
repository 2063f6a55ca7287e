"""``python -m leadtracker`` is ``leadtracker``."""

from leadtracker.entrypoints.main import main

main()
