"""The database's file: opening and migrating it, its one writer, its readers, its columns."""
