"""Pages of leads, and their counts: from a filter to SQL.

1. ``lead_pages`` gets a filter, an order and a cursor, and reads as the outline of what follows.
2. ``statements.list_query_variant`` leaves out the values: which conditions are set, and in which order.
   One statement is compiled for each such variant; ``statements.parameter_values`` binds the values.
3. ``access_path_choice`` adds the access path: it counts the parts of the filter that an index finds
   (``indexed_parts``, ``lead_counts``), up to some thousands of leads. If one has few, these are sorted; else
   the page is read in its order.
4. ``statements.list_statements`` builds the SQL. ``statements.conditions`` has the conditions, and
   ``statements.index_rules`` says where no index has all leads of a list in its order, so that several are
   merged, and where a planner would choose a wrong one.
5. A search (``search``) reads its page in the order of its index, or tries several plans in turn.

A list in the order of a text needs the texts of all its leads, which ``LeadPages.texts`` reads by the same
steps; then ``leads_by_text``, beside this package, reads the leads of a page by their ids.

A new condition of ``LeadFilter`` needs a field in step 2 with its value, and SQL in step 4. If a rule has to
know its index, that is a named function of ``index_rules`` with its reason, and a test of query plans.
"""
