import type ssh2 from "ssh2";

/** The library for SSH, as it is loaded. */
export type Ssh = typeof ssh2;

/** Loads the library with the first connection. */
export async function loadSsh(): Promise<Ssh> {
  return (await import("ssh2")).default;
}
