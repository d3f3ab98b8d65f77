const TEXT = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** What a client says first of all. RFC 9113 section 3.4. */
export const PREFACE: Uint8Array = Uint8Array.from(TEXT, (character) => character.charCodeAt(0));
