/** Types of handshake messages that GnuTLS is asked to tell about; `any` is its own. RFC 8446 section 4 */
export const messages = { newSessionTicket: 4, finished: 20, any: 0xffff_ffff } as const;
