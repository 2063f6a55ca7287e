"""Every setting, with its type, default and description, in five files by noun.

``make references`` makes the reference of the settings and ``.env.example`` of these files. A description is
one or more sentences in Markdown. A setting without a default, or whose default depends on the machine, has
an example.
"""

from leadtracker.settings.schema.sending import SettingsFields

__all__ = ["SettingsFields"]
