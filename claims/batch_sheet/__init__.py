"""The sheet of an approved payment batch (拨付批次单): orders, totals, who made and approved it."""
