"""The wire, declared: its bodies, its document, its errors."""
