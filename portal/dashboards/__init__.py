"""What each role sees on signing in; reads everything, has no models."""
