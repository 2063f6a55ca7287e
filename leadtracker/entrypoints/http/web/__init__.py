"""The pages: rendered on the server, whole without JavaScript, quicker with it.

A page of the staff belongs to a blueprint made by ``staff_blueprint``: it is there for those who are signed
in, its forms carry a token against forgery, and its errors are pages, too. A template extends
``staff.html`` or ``public.html``; ``page`` renders it.
"""
