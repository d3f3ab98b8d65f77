/** Multipath TCP (RFC 8684), on Linux. */
export {};
