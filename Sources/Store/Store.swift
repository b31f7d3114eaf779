// Placeholder until the target's first file lands; deleted by it.
