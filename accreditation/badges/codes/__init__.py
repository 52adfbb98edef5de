"""PURE: what the square code of a badge says, how it is signed, and how it is judged. No Django, no models."""
