"""Country, regions, provinces, communes, groups, service points and holidays."""
