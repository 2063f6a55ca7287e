"""What the machine and small libraries give: time, randomness, password hashing, numbering plans."""
