"""The pages about one lead.

``blueprint`` creates the blueprint; each ``*_pages`` module adds routes to it. Every form sends the version
of the lead that its page showed; ``LeadDetailPage`` runs the actions and shows rejected input again.
"""
