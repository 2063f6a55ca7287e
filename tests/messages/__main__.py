"""Update the catalogues with the texts of the package, and list what is left to translate."""

import sys

from tests.messages.catalogues import catalogue_files


def main() -> int:
    """Return 1 if a message needs a translation."""
    for file in catalogue_files():
        file.update()
    problems = [problem for file in catalogue_files() for problem in file.problems()]
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
