"""From a database to a site on a host: the folder that is published, its configuration, its manifest."""
