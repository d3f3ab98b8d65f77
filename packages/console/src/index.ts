/** One page on which a person sees their application's network, live. */
export type * from "./protocol/index.ts";
