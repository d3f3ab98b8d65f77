/** `"` */
export const QUOTE = 0x22;
/** `,` */
export const COMMA = 0x2c;
/** `:` */
export const COLON = 0x3a;
/** `[` */
export const OPENING_BRACKET = 0x5b;
/** `\` */
export const BACKSLASH = 0x5c;
/** `]` */
export const CLOSING_BRACKET = 0x5d;
/** `{` */
export const OPENING_BRACE = 0x7b;
/** `}` */
export const CLOSING_BRACE = 0x7d;

/** Whether there is nothing but space. RFC 8259 section 2. */
export function isBlank(octets: Uint8Array): boolean {
  return octets.every((octet) => octet === 0x20 || octet === 0x0a || octet === 0x0d || octet === 0x09);
}
