"""The pages: rendered on the server, whole without JavaScript, quicker with it.

A dashboard page belongs to a blueprint made by ``dashboard_blueprint``: it is there for those who are signed
in, its forms carry a token against forgery, and its errors are pages, too. A template extends
``dashboard_base.html`` or ``public.html``; ``page`` renders it.
"""
