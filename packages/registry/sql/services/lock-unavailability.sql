lock table unavailability in share row exclusive mode
