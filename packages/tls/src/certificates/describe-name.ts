import { escapeControls } from "@fairlead/core";
import { MalformedDer } from "./path/protocol/der-node.ts";
import { readDistinguishedName } from "./path/protocol/distinguished-name.ts";
import { readDer } from "./path/read-der.ts";

/**
 * Writes a distinguished name for people, as a server names the authorities that it trusts: `CN=Example CA, O=Example`.
 * Characters that move a cursor or turn the direction of text are written as escapes.
 *
 * @param der the Name; of what is none `undefined` is returned.
 */
export function describeDistinguishedName(der: Uint8Array): string | undefined {
  try {
    return escapeControls(readDistinguishedName(readDer(der)).text);
  } catch (error) {
    if (error instanceof MalformedDer) return undefined;
    throw error;
  }
}
