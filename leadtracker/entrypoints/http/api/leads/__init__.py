"""The endpoints of leads: lists, single leads, actions, resumes, files of many leads."""
