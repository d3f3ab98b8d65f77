import type * as library from "oauth4webapi";

/** The library of the protocol, which is loaded with the first request. */
export type OAuthLibrary = typeof library;

/** Loads it. */
export function loadLibrary(): Promise<OAuthLibrary> {
  return import("oauth4webapi");
}
