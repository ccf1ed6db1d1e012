"""Special outpatient diseases (门诊慢特病): the catalogue, and when applications are decided."""
