"""Contents of resumes outside of the database: in a folder, or in S3 through obstore."""
