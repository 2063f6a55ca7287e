"""LeadTracker: takes in leads, keeps every one, and reports their number once a week."""
