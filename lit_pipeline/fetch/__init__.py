"""Fetches a day's papers from public APIs into the landing zone. Off unless a setting switches it on."""
