"""MariaDB and MySQL's protocol, by PyMySQL."""
