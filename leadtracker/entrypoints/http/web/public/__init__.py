"""Pages outside the dashboard: public form, sign-in, password."""
