"""`make bench`: how fast the pages are, as ratios within one run. No test, and no part of the portal."""
