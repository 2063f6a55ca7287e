"""Contents of files outside the database: in a folder, or in S3 through obstore."""
