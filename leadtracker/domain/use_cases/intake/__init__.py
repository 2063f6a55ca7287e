"""Use cases of intake beside the capture of leads."""
