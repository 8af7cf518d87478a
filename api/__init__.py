"""HTTP in front of the two roads: settings, request and response models, routes, `create_app`."""
