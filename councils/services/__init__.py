"""What the councils room does, by subject. Whoever may do it, the services ask `councils.access`."""
