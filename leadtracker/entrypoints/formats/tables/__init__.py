"""Tables: rows of CSV files and Excel workbooks."""
