import { createRequire } from "node:module";
import type * as x509 from "@peculiar/x509";

/** The certificate library, as far as it is used here. */
export type X509Library = typeof x509;

/**
 * Loads `@peculiar/x509` when first called, since it costs some 80 ms that only those who mint should pay.
 *
 * Its dependency tsyringe refuses to load without the reflect-metadata polyfill, but asks it only whether constructors
 * have injected parameters, and none here has. So where nobody brought the polyfill, `Reflect` answers "none" while the
 * library loads, and is as before afterwards. Loading is synchronous: no other code sees the stand-in.
 */
export function loadX509(): X509Library {
  return withReflectMetadata(() => createRequire(import.meta.url)("@peculiar/x509") as X509Library);
}

function withReflectMetadata<Result>(load: () => Result): Result {
  if ("getMetadata" in Reflect) return load();
  const standIn = { getMetadata: () => undefined, getOwnMetadata: () => undefined, defineMetadata: () => undefined };
  Object.assign(Reflect, standIn);
  try {
    return load();
  } finally {
    for (const name of Object.keys(standIn)) Reflect.deleteProperty(Reflect, name);
  }
}
