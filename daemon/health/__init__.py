"""What tells an administrator how the daemon is: logs, metrics, health answers, the systemd watchdog."""
