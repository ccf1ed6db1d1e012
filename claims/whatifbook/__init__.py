"""What-if runs as screens: asking, progress, charts with their tables, the workbook."""
