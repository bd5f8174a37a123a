"""The API's bodies, its OpenAPI document, and its errors."""
