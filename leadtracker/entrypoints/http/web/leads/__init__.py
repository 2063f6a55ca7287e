"""The pages about leads: the list, the board, and everything about one lead.

``blueprint`` puts the routes together, each file adds some of them. Every form sends the version of the lead
that its page showed; ``LeadDetailPage`` handles its forms and shows rejected input again.
"""
