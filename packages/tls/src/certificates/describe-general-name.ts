import { escapeControls } from "@fairlead/core";
import { hex } from "./path/protocol/der-node.ts";
import type { GeneralName } from "./path/protocol/general-name.ts";
import { formatIpAddress } from "./path/protocol/host-name.ts";

/** Writes a name with its kind in front: `DNS:a.test`, `IP:192.0.2.1`. Text is the issuer's, escaped. */
export function describeGeneralName(name: GeneralName): string {
  switch (name.type) {
    case "dns":
      return `DNS:${escapeControls(name.value)}`;
    case "mail":
      return `mail:${escapeControls(name.value)}`;
    case "uri":
      return `URI:${escapeControls(name.value)}`;
    case "ip":
      return `IP:${isAddress(name.value) ? formatIpAddress(name.value) : hex(name.value)}`;
    case "directory":
      return `directory:${escapeControls(name.value.text)}`;
    case "unsupported":
      return `other:${String(name.form)}`;
  }
}

/**
 * Writes the base of a name constraint, with its kind in front: as a name, and networks with their prefix,
 * `IP:192.0.2.0/24`. One that ends with its kind holds for all names of it.
 *
 * @see RFC 5280 section 4.2.1.10
 */
export function describeSubtree(base: GeneralName): string {
  return base.type === "ip" ? `IP:${network(base.value)}` : describeGeneralName(base);
}

function network(value: Uint8Array): string {
  const size = value.length / 2;
  const [address, mask] = [value.subarray(0, size), value.subarray(size)];
  if (!isAddress(address) || !isAddress(mask)) return hex(value);
  const ones = Array.from(mask, (byte) => byte.toString(2).padStart(8, "0")).join("");
  // A mask with gaps is malformed; it is shown as it stands.
  const width = /^1*0*$/.test(ones) ? String(ones.replaceAll("0", "").length) : formatIpAddress(mask);
  return `${formatIpAddress(address)}/${width}`;
}

function isAddress({ length }: Uint8Array): boolean {
  return length === 4 || length === 16;
}
