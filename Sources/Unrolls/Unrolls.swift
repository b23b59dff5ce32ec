// Unrolls
