import { createRequire } from "node:module";
import type * as Asn1 from "asn1js";

let loaded: typeof Asn1 | undefined;

/** asn1js, loaded with the first certificate that is read: a program that resumes its sessions reads none. */
export function asn1(): typeof Asn1 {
  return (loaded ??= createRequire(import.meta.url)("asn1js") as typeof Asn1);
}
