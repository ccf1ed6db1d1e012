"""Lists of any size: order by index, pages by key, capped counts, totals, one bar of filters."""
