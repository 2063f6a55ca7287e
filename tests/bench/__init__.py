"""Measuring: LeadTracker against a floor, a comparison, and what is promised. ``make bench`` runs it."""
