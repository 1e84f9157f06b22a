"""How the SQLite files under the catalog and the history are opened, laid out and packed."""
