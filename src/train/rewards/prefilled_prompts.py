"""Prompts that end in flawed reasoning, for verl. Written next."""
