"""Special diseases on the screen: applications, certificates, their papers and queues."""
