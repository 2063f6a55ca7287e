"""Write every generated reference again: ``make references``."""

import sys

from tools.references.files import ROOT, current_files


def main() -> None:
    """Write the files that are not current, and print their names."""
    for path, text in current_files().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
