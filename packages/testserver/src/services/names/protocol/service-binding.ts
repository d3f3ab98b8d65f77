import { formatName, join } from "./message.ts";

/** What a record of type HTTPS or SVCB says. RFC 9460 section 2.2. */
export interface ServiceBinding {
  /** 0 makes it an alias. */
  readonly priority: number;
  /** The empty name stands for the owner's. */
  readonly target: string;
  /** Numbers of keys and their values, in the order in which they are sent; ascending is right. */
  readonly parameters?: readonly (readonly [key: number, value: Uint8Array])[];
}

/** Formats the data of the record. */
export function formatServiceBinding({ priority, target, parameters = [] }: ServiceBinding): Uint8Array {
  return join([
    twoBytes(priority),
    formatName(target),
    ...parameters.flatMap(([key, value]) => [twoBytes(key), twoBytes(value.length), value]),
  ]);
}

/** Parameters by their names. RFC 9460 section 14.3.2, RFC 9848. */
export const bindingParameters = {
  mandatory: (...keys: readonly number[]) => [0, join(keys.map(twoBytes))] as const,
  alpn: (...protocols: readonly string[]) =>
    [1, join(protocols.map((name) => join([Uint8Array.of(name.length), new TextEncoder().encode(name)])))] as const,
  noDefaultAlpn: () => [2, new Uint8Array(0)] as const,
  port: (port: number) => [3, twoBytes(port)] as const,
  ipv4Hint: (...addresses: readonly string[]) =>
    [4, Uint8Array.from(addresses.flatMap((address) => address.split(".").map(Number)))] as const,
  ech: (bytes: Uint8Array) => [5, bytes] as const,
  unknown: (key: number, bytes: Uint8Array) => [key, bytes] as const,
};

function twoBytes(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}
