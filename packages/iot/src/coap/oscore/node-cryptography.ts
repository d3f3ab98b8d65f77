import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { type OscoreCryptography, oscoreTagBytes } from "../protocol/oscore/cryptography.ts";

/** What OSCORE needs of Node's OpenSSL. */
export const nodeOscoreCryptography: OscoreCryptography = {
  deriveKey: (secret, salt, info, lengthBytes) => new Uint8Array(hkdfSync("sha256", secret, salt, info, lengthBytes)),

  seal(key, nonce, additionalData, plaintext) {
    const cipher = createCipheriv("aes-128-ccm", key, nonce, { authTagLength: oscoreTagBytes });
    cipher.setAAD(additionalData, { plaintextLength: plaintext.length });
    const ciphertext = cipher.update(plaintext);
    cipher.final();
    return new Uint8Array(Buffer.concat([ciphertext, cipher.getAuthTag()]));
  },

  open(key, nonce, additionalData, ciphertext) {
    const end = ciphertext.length - oscoreTagBytes;
    const decipher = createDecipheriv("aes-128-ccm", key, nonce, { authTagLength: oscoreTagBytes });
    decipher.setAuthTag(ciphertext.subarray(end));
    decipher.setAAD(additionalData, { plaintextLength: end });
    try {
      const plaintext = decipher.update(ciphertext.subarray(0, end));
      decipher.final();
      return new Uint8Array(plaintext);
    } catch {
      return undefined;
    }
  },
};
