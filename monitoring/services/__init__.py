"""What the monitoring room does; nothing here is called from below."""
