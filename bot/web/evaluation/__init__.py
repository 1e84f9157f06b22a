"""The team's pages: question sets asked and judged, runs compared, drafted questions accepted or dropped."""
