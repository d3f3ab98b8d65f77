/** Who serves the contract. */
export const sides = ["fairlead", "fastify", "hono"] as const;
export type RestSide = (typeof sides)[number];
