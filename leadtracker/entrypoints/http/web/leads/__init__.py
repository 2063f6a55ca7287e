"""The pages about leads: the list, the board, and the page of each lead.

``blueprint`` creates the blueprint; each ``*_pages`` module adds routes to it. Every form sends the version
of the lead that its page showed; ``LeadDetailPage`` runs the actions and shows rejected input again.
"""
