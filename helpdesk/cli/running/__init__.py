"""Running the parts: the supervisor, an embedded Valkey, the web server, the worker, the clock."""
