"""Benchmarks of LeadTracker against a baseline, a comparison and goals: ``make bench``."""
