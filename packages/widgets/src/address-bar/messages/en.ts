import { formatSpan } from "../../text/moments.ts";
import type { PhishingCue } from "../../url/cues/phishing-cue.ts";
import type { AddressRefusal } from "../rules/decide-address.ts";
import type { AddressBarMessages } from "./messages.ts";

/** What the address bar says, in English. */
export const addressBar: AddressBarMessages = {
  label: "Address",
  placeholder: "Enter an address",
  searchPlaceholder: "Search, or enter an address",
  reload: "Reload",
  stop: "Stop loading",
  loading: "Loading",
  aboutToLoad: "About to load:",
  chip: {
    empty: "No page",
    opening: "Opening",
    encrypted: "Encrypted",
    unproven: "Not checked",
    exception: "Certificate exception",
    refused: "Certificate refused",
    "not-secure": "Not secure",
    local: "This machine",
    file: "File",
    embedded: "No site",
    script: "Script",
    internal: "Internal page",
    "unknown-scheme": "Unknown scheme",
    "no-url": "No address",
  },
  says: {
    empty: "No page is open.",
    opening: "A page is on its way. Nothing of it is shown yet.",
    encrypted: "Nobody on the way can read or change what is sent, and the site proved its name by its certificate.",
    unproven: "The address asks for encryption. Nothing is known yet of the connection.",
    exception:
      "The connection is encrypted, but the site did not prove its name. Its certificate was accepted by an exception.",
    refused: "The site did not prove its name, so nothing was sent to it.",
    "not-secure": "Anybody on the way can read what is sent, and change what comes back.",
    local: "The connection is not encrypted, and does not leave this machine.",
    file: "This is a file of this machine or its network. No site stands for it.",
    embedded: "This content came along with an address. No site stands for it.",
    script: "This address is a script.",
    internal: "This page belongs to the application.",
    "unknown-scheme": "Nothing is known of the security of such addresses.",
    "no-url": "This is no address that can be opened.",
  },
  panel: {
    label: "Security of this page",
    site: "Site",
    protocol: "Protocol",
    cipher: "Cipher",
    group: "Key exchange",
    subject: "Certificate for",
    issuer: "Issued by",
    validUntil: "Valid until",
    hsts: "Always encrypted",
    hstsOn: "Yes, the site asks for it",
    hstsOff: "Not asked for",
    problems: "What is wrong with the certificate",
    showCertificate: "Show certificate",
  },
  cues: {
    label: "Possible deception",
    title: (cue) => {
      if (cue.type === "password-in-the-clear") return "Type no password here";
      return cue.certainty === "likely" ? "This may not be the site you think it is" : "Look at the address twice";
    },
    reason: cueReason,
    goBack: "Go back",
    understood: "I understand",
  },
  offers: "Visited addresses",
  offerCount: (count) => {
    if (count === 0) return "No suggestions";
    return count === 1 ? "1 suggestion" : `${count} suggestions`;
  },
  forgetHint: "Shift+Delete forgets the chosen address",
  forget: "Forget this address",
  removed: {
    "line-breaks": "Line breaks were taken out.",
    invisible: "Invisible characters were taken out.",
    brackets: "Brackets or quotation marks around the address were taken off.",
    script: "“javascript:” was taken off: a script pasted here could act in your name.",
    excess: "The text was too long and was cut.",
  },
  userInformationLeftOut: "The user name or password in the address was left out.",
  refused,
};

function refused(reason: AddressRefusal): string {
  switch (reason.type) {
    case "empty":
      return "There is no address.";
    case "not-an-address":
      return "This is not an address.";
    case "host":
      return `${isolated(reason.host)} cannot be the name of a site.`;
    case "port":
      return `${isolated(reason.port)} is not a port: ports are numbers up to 65,535.`;
    case "script":
      return "Scripts are not run from the address bar.";
    case "scheme":
      return `Addresses that begin with ${isolated(`${reason.scheme}:`)} are not opened here.`;
    case "too-long":
      return `An address has ${new Intl.NumberFormat("en").format(reason.limit)} characters at the most.`;
  }
}

function cueReason(cue: PhishingCue): string {
  switch (cue.type) {
    case "look-alike":
      return lookAlikes[cue.how](
        `${isolated(cue.of)}, ${cue.known === "visited" ? "which you visit" : "a well-known site"}`,
      );
    case "deceptive-name":
      return `The name of ${isolated(cue.of)} stands in this address, but the site is not theirs.`;
    case "hidden-domain":
      return `The name that counts is the last one of the host. So many characters stand before it: ${cue.characters}.`;
    case "fresh-certificate":
      return `The certificate of this site is only ${formatSpan(cue.ageMilliseconds, "en")} old.`;
    case "password-in-the-clear":
      return "This page asks for a password, and anybody on the way can read what you type.";
  }
}

const lookAlikes = {
  "same-to-the-eye": (site: string) => `It looks like ${site}, but it is another site.`,
  "digits-for-letters": (site: string) =>
    `With digits in the place of letters it looks like ${site}, but it is another site.`,
  "one-character": (site: string) => `One character tells it from ${site}: it is another site.`,
} as const;

/** From left to right, whatever stands around it. */
function isolated(text: string): string {
  return `\u2066${text}\u2069`;
}
