import type { CertificateExceptionMessages } from "./messages.ts";

/** What the question about an exception says, in English. */
export const certificateException: CertificateExceptionMessages = {
  title: "Nothing proves that this is the right server",
  port: (port) => `Port ${String(port)}`,
  wrong: "What is wrong",
  wrongs: {
    expired: "The certificate has expired. Nobody vouches for it any longer.",
    "not-yet-valid": "The certificate is not valid yet. The clock of this device may be wrong.",
    "other-host": "The certificate belongs to another server.",
    "unknown-issuer": "Nobody whom you trust vouches for the certificate.",
    forged: "The certificate was not signed by the authority that it names.",
    revoked: "The certificate was declared invalid by the authority that issued it.",
    "revocation-unknown": "Nobody could say whether the certificate was declared invalid.",
    "changed-key": "The server’s key is not the one that was agreed on.",
    weak: "The certificate is protected so weakly that it can be forged.",
    misused: "The certificate is used for something that it was not issued for.",
    malformed: "The certificate breaks the rules that make certificates safe.",
  },
  risk: "What an attacker could do",
  risks: {
    interception:
      "Somebody on the way, in this network or further off, may pretend to be the server. They would read and change all that you send and receive: passwords, messages, files.",
    lapsed:
      "The certificate was good once. Its key may have been stolen since, and with it somebody on the way could read and change all that you send and receive.",
    unproven:
      "If the certificate’s key was broken or stolen, somebody on the way could read and change all that you send and receive, without anybody noticing.",
  },
  harm: "Who would be harmed",
  harmed: "You, and everybody whose data you send or see here. What was read cannot be taken back.",
  compared: "Compared with before",
  comparisons: {
    "same-certificate": (day) => `It is the same certificate as on ${day}.`,
    "same-key": (day) => `It is a new certificate with the same key as on ${day}.`,
    changed: (day) => `It is not the certificate of ${day}, and its key is another. That is what an attack looks like.`,
    "changed-from-verified": (day) =>
      `On ${day} this server had a certificate that was in order. Now it has another, with another key. That is what an attack looks like.`,
  },
  barrier: "There is no way around this",
  barriers: {
    hsts: "This server has asked, for its users’ protection, that nobody ever connects to it without a valid certificate.",
    revoked: "The certificate was declared invalid, most likely because its key was stolen.",
    pinned: "You, or this application, laid down which keys this server may have. This one is not among them.",
    unreadable: "The certificate cannot be read, so that nobody could recognize it again.",
  },
  advice:
    "Is it your own server? Compare the SHA-256 fingerprint in the details with the one that the server itself shows.",
  details: "Certificate in detail",
  confirm: "Go on anyway",
  typeHost: "Type the name of the server",
  remember: (span) => `Remember this certificate for ${span}`,
  missing: {
    details: "Look at the certificate in detail first.",
    host: "Type the name of the server, as it stands above.",
  },
  ready: "With the keyboard, press the space bar; Enter does not accept.",
  goBack: "Go back",
  accept: "Accept the risk",
};
