"""What is known of an uploaded paper before it is kept: pure checks, no models. Nobody's file name is believed."""
