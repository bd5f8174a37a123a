"""Families of models: folders, weights, prompts as embeddings, LoRAs, the safety checker."""
