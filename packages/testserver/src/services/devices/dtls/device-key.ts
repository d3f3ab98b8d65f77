/** The key that devices of the network share with it. No secret: it is in the manifest. RFC 4279. */
export const deviceIdentity = { name: "device", key: "not-a-secret-key" } as const;
