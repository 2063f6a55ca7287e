"""The parts that campaigns share: form, databases, traffic, the web server, planted bugs, invariants."""
