"""Languages: message catalogues, the choice of a language, and formats of dates and numbers.

Pages and e-mails are written in English; ``texts`` translates them into the language in use. The translations
are the files ``catalogues/LANGUAGE/public.po`` (what prospects see) and ``dashboard.po`` (what users see).
``make messages`` brings them up to date. Only this package knows Babel.
"""
