"""Measuring: LeadTracker against a baseline, a comparison, and what is promised. ``make bench`` runs it."""
