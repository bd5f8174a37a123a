"""The file: opened, migrated, its one writer, reading beside it, types as columns."""
