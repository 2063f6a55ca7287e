"""What campaigns share: their form, databases, traffic, the web server, planted bugs and invariants."""
