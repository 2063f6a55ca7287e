"""The machine and small libraries: time, ids, disks, phone numbers, passwords, secrets."""
