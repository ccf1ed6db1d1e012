"""First and second review: transitions, reasons, queues."""
