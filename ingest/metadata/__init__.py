"""What a release says of itself: its headline, dates, place, issuer and the short names it defines."""
