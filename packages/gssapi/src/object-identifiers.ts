import { native, words, type NativeBytes } from "./native-bytes.ts";

/** Mechanisms and kinds of names, as `gss_OID_desc`. They live as long as the process. */
export const objectIdentifiers: Readonly<Record<"spnego" | "krb5" | "hostBasedService" | "principal", NativeBytes>> = {
  /** 1.3.6.1.5.5.2, RFC 4178 section 3.1. */
  spnego: objectIdentifier(0x2b, 0x06, 0x01, 0x05, 0x05, 0x02),
  /** 1.2.840.113554.1.2.2, RFC 4121 section 4.1. */
  krb5: objectIdentifier(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02),
  /** 1.2.840.113554.1.2.1.4, RFC 2743 section 4.1. */
  hostBasedService: objectIdentifier(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x01, 0x04),
  /** 1.2.840.113554.1.2.2.1, RFC 1964 section 2.1.1. */
  principal: objectIdentifier(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02, 0x01),
};

/** Sets of one mechanism, as `gss_OID_set_desc`. */
export const mechanisms: Readonly<Record<"spnego" | "krb5", NativeBytes>> = {
  spnego: words(1, objectIdentifiers.spnego),
  krb5: words(1, objectIdentifiers.krb5),
};

function objectIdentifier(...der: readonly number[]): NativeBytes {
  return words(der.length, native(Uint8Array.from(der)));
}
