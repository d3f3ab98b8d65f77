import type { StreamServiceEntry } from "../service-entry.ts";
import { openSftp, type SftpTerms } from "./sftp.ts";

/** SFTP, right and wrong. */
export const sftpServices = [
  sftp({
    name: "sftp",
    does: "serves files by SFTP to user by the password pass or any key; its host key is of this network alone",
  }),
  sftp({
    name: "sftp-host-key-changes",
    does: "shows SSH clients another host key with each connection",
    terms: { changesHostKey: true },
  }),
  sftp({ name: "sftp-key-only", does: "lets SSH clients in by key alone", terms: { letsIn: "key" } }),
  sftp({
    name: "sftp-two-factors",
    does: "lets SSH clients in by key and then password, neither of which is enough",
    terms: { letsIn: "both" },
  }),
  sftp({ name: "sftp-nobody", does: "lets no SSH client in, whatever it has", terms: { letsIn: "nobody" } }),
  sftp({
    name: "sftp-authentication-cut",
    does: "disconnects SSH clients when they say who they are",
    terms: { endsAtAuthentication: true },
  }),
  sftp({
    name: "sftp-old-algorithms",
    does: "speaks SSH by SHA-1, CBC and a group of 1024 bits alone",
    terms: {
      config: {
        algorithms: {
          kex: ["diffie-hellman-group1-sha1"],
          cipher: ["aes128-cbc"],
          hmac: ["hmac-sha1"],
        },
      },
    },
  }),
  sftp({
    name: "sftp-banner",
    does: "sends SSH clients a banner of many lines before it lets them in",
    terms: { config: { banner: "This server is for tests.\r\nNothing here is real.\r\n" } },
  }),
  sftp({
    name: "sftp-no-files",
    does: "lets SSH clients in and refuses the subsystem sftp",
    terms: { hasNoFiles: true },
  }),
  sftp({ name: "sftp-read-only", does: "refuses to write, rename or remove by SFTP", terms: { isReadOnly: true } }),
  sftp({
    name: "sftp-cut",
    does: "hangs up on SFTP clients when a file's second half begins",
    terms: {
      beforeRead: (offset, send, cut) => {
        if (offset < 524_288) send();
        else cut();
      },
    },
  }),
  sftp({
    name: "sftp-stall",
    does: "sends the first half of a file by SFTP and then nothing",
    terms: {
      beforeRead: (offset, send) => {
        if (offset < 524_288) send();
      },
    },
  }),
  sftp({
    name: "sftp-wrong-size",
    does: "tells twice the size of each file by SFTP",
    terms: { toldSize: (sizeBytes) => 2 * sizeBytes },
  }),
  sftp({
    name: "sftp-hostile-names",
    does: "lists SFTP files called ../../above and /absolute: who mirrors must stay in its folder",
    terms: { furtherNames: ["../../above", "/absolute", ".."] },
  }),
] as const;

interface SftpServiceTerms<Name extends string> {
  readonly name: Name;
  readonly does: string;
  readonly terms?: SftpTerms;
}

function sftp<const Name extends string>({ name, does, terms = {} }: SftpServiceTerms<Name>): StreamServiceEntry<Name> {
  return {
    ...{ name, does, scheme: "sftp" },
    // Its key is another each time: nothing that would be worth to be kept, or asked about.
    example: "sftp -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -P {port} user@localhost:/README.txt .",
    open: (network, self) => openSftp(network, self, terms),
  };
}
