"""Reading CSV and XLSX files with Chinese or English headers."""
