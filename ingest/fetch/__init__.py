"""Releases from the web: pages, files, feeds and sitemaps become files of the data folder, which are then ingested.

connect   an address is checked, and that one is connected to
request   one request, bounded in time and size
robots    what a site allows
client    requests with redirects, retries and pauses
listing   feeds and sitemaps, read
kept      what was fetched, on disk
follow    all of it, for the addresses that a person gives
"""
