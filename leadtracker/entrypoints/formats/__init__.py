"""How the domain's objects look outside: the JSON and CSV shared by the entrypoints."""
