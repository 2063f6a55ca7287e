"""Use cases of resumes: store, load and replace the files."""
