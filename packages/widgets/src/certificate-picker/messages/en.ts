import type { CertificatePickerMessages } from "./messages.ts";

const number = new Intl.NumberFormat("en");

/** What the question for a client certificate says, in English. */
export const certificatePicker: CertificatePickerMessages = {
  label: "Choose a certificate",
  asks: {
    server: "This server wants to know who you are by a certificate:",
    proxy: "This proxy, on the way to the server, wants to know who you are by a certificate:",
  },
  reveals:
    "The certificate is sent whole, with the name in it. With TLS 1.2 and before, everybody on the way can read it too.",
  authorities: (count) =>
    count === 1
      ? "It takes certificates of one authority"
      : `It takes certificates of ${number.format(count)} authorities`,
  noAuthorities: "It does not say whose certificates it takes.",
  identities: "Your certificates",
  filter: "Find by name or issuer",
  found: (count) => (count === 1 ? "1 certificate" : `${number.format(count)} certificates`),
  more: (count) => `${number.format(count)} more: look for them by name.`,
  noneSuitable: "You have no certificate that it would take.",
  issuedBy: "Issued by",
  states: {
    valid: (distance) => `Expires ${distance}`,
    "not-yet-valid": (distance) => `Not valid yet; begins ${distance}`,
    expired: (distance) => `Expired ${distance}`,
    unreadable: () => "Its dates cannot be read",
  },
  unnamed: "Without a name",
  remember: "Do the same next time, for this server",
  send: "Send this certificate",
  without: "Go on without",
  cancel: "Cancel",
};
