"""A provider's chat model: how it is reached, listened to and given up, and what it used."""
