"""Marts: frames that answer questions directly, made from papers, entities, mentions and results."""
