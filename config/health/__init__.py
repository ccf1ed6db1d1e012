"""Whether the installation is well: database, migrations, queue, worker, beat, failures, disk."""
