"""The register of institutions as screens: list, record, agreements, export."""
