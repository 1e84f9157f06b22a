"""Which releases tell the same: copies, corrections and translations."""
