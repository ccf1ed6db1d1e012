"""Applications for a special outpatient disease: filed, reviewed, judged by a panel, rechecked."""
