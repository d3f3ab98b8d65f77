import { UsageError } from "@fairlead/core";

/** What a device is, by UUIDs such as `fa6b4a53-d5ad-5fdf-be9d-e663e4d41ffe`. It may be of several classes at a time. */
export interface DeviceIdentity {
  readonly vendorIds: readonly string[];
  readonly classIds: readonly string[];
  /** Those of this one device. */
  readonly deviceIds?: readonly string[] | undefined;
}

/** Which of a device's identifiers is asked for. */
export type IdentifierKind = "vendor" | "class" | "device";

/**
 * Makes the question whether a device has an identifier.
 *
 * @throws UsageError OPTION_INVALID for what is no UUID.
 *
 * @see draft-ietf-suit-manifest-34 section 8.4.8.1
 */
export function identifierMatcher(device: DeviceIdentity): (kind: IdentifierKind, identifier: Uint8Array) => boolean {
  const identifiers: Readonly<Record<IdentifierKind, readonly string[]>> = {
    vendor: device.vendorIds.map(toHex),
    class: device.classIds.map(toHex),
    device: (device.deviceIds ?? []).map(toHex),
  };
  return (kind, identifier) =>
    identifiers[kind].includes(Array.from(identifier, (byte) => byte.toString(16).padStart(2, "0")).join(""));
}

function toHex(uuid: string): string {
  if (!/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(uuid)) {
    throw new UsageError("OPTION_INVALID", { detail: "an identifier of a device is a UUID" });
  }
  return uuid.replaceAll("-", "").toLowerCase();
}
