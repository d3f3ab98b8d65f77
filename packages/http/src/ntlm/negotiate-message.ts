import { concat } from "./bytes.ts";
import { signature, version, wantedFlags } from "./flags.ts";

/**
 * Formats the first message of the client. It names neither domain nor workstation.
 *
 * @see MS-NLMP section 2.2.1.1
 */
export function negotiateMessage(): Uint8Array {
  const fields = new Uint8Array(24);
  const view = new DataView(fields.buffer);
  view.setUint32(0, 1, true);
  view.setUint32(4, wantedFlags, true);
  const payloadOffset = signature.length + fields.length + version.length;
  // Domain and workstation: no bytes, at the end.
  view.setUint32(12, payloadOffset, true);
  view.setUint32(20, payloadOffset, true);
  return concat(signature, fields, version);
}
