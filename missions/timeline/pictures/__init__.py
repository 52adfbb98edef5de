"""Pictures of time as drawings in numbers: templates write them as SVG. Pure."""
