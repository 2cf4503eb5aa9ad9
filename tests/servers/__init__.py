"""Real and faulty mail servers on loopback, each started and stopped by the test that needs it."""
