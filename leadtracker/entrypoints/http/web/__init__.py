"""The pages, rendered on the server. They work without JavaScript; htmx and small scripts make them faster.

Dashboard pages belong to blueprints created by ``dashboard_blueprint``: they require a login, their forms
carry a CSRF token, and their errors are shown as pages. Their templates extend ``dashboard_base.html``, those
of other pages ``public/base.html``; ``page`` renders both.
"""
