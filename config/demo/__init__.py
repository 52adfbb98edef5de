"""The demonstration: the reference election from its files to a released plan, through the doors that staff use."""
