"""The inside: rules, ports and use cases. Knows attrs and the standard library, nothing else."""
