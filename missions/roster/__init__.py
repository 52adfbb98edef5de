"""The file of organizations, missions and invitations: read, look, commit."""
