"""The way to a hub: each request has a reason, is listed, and is bounded."""
