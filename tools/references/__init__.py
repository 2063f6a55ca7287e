"""Generated references: ``make references``.

Facts that the code knows are written into the documentation from there, so that nothing is documented twice.
A part of a page between two comments belongs to a function of ``parts.PARTS``; what is around it is written
by hand. ``.env.example`` is generated as a whole. A unit test fails while a file is not current.

To add a part, write a function that returns Markdown, name it in ``PARTS``, and put its two comments into a
page. Long texts belong into the code that they describe: descriptions of settings, help texts of commands,
docstrings of enum members.
"""
