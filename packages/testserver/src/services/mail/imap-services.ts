import { lineService } from "../lines/line-service.ts";
import { startTlsServices } from "../lines/start-tls-services.ts";
import type { StreamServiceEntry } from "../service-entry.ts";
import { serveImap } from "./imap.ts";
import type { ImapTerms } from "./imap-session.ts";

/** IMAP, right and wrong. */
export const imapServices = [
  imap({ name: "imap", does: "hands out mail by IMAP (RFC 9051) with STARTTLS, and takes it by APPEND; user, pass" }),
  lineService({
    ...{ name: "imaps", scheme: "imaps", tls: "first" },
    does: "hands out mail by IMAP over TLS from the first byte (RFC 8314)",
    example: "curl --cacert {ca} --user user:pass '{origin}/INBOX;UID=1'",
    serve: serve({ startTls: "right" }),
  }),
  ...startTlsServices({
    ...{ protocol: "imap", command: "STARTTLS" },
    example: "curl --ssl-reqd --cacert {ca} --user user:pass '{origin}/INBOX;UID=1'",
    serve: (startTls) => serve({ startTls }),
  }),
  imap({
    name: "imap-preauth",
    does: "greets IMAP clients with PREAUTH, behind which STARTTLS is too late (CVE-2020-12398)",
    terms: { greeting: "* PREAUTH somebody in between has let you in" },
  }),
  imap({ name: "imap-bye", does: "greets IMAP clients with BYE", terms: { greeting: "* BYE too many clients" } }),
  imap({
    name: "imap-login-disabled",
    does: "lets IMAP clients in over TLS alone, and says LOGINDISABLED before",
    terms: { needsTlsToLogIn: true },
  }),
  imap({
    name: "imap-huge-literal",
    does: "announces an IMAP message of four gigabytes, sends a little of it and then nothing",
    terms: {
      commands: {
        FETCH: ({ talk }) => hugeLiteral(talk),
        UID: ({ talk }) => hugeLiteral(talk),
      },
    },
  }),
  imap({
    name: "imap-flood",
    does: "answers IMAP's SELECT with untagged lines without end",
    terms: {
      commands: {
        SELECT: async ({ talk }) => {
          const lines = "* 1 RECENT\r\n".repeat(1000);
          for (;;) {
            await talk.send(lines);
            await talk.pause(1);
          }
        },
      },
    },
  }),
  imap({
    name: "imap-cut",
    does: "hangs up on IMAP clients in the middle of a message",
    terms: { commands: { FETCH: ({ talk }) => cut(talk), UID: ({ talk }) => cut(talk) } },
  }),
  imap({
    name: "imap-wrong-tag",
    does: "answers IMAP's SELECT with a tag that is none of the client's",
    terms: { commands: { SELECT: ({ talk }) => talk.say("* 0 EXISTS", "WRONG OK selected") } },
  }),
] as const;

interface ImapServiceTerms<Name extends string> {
  readonly name: Name;
  readonly does: string;
  readonly terms?: Partial<ImapTerms>;
}

function imap<const Name extends string>({ terms, ...rest }: ImapServiceTerms<Name>): StreamServiceEntry<Name> {
  return lineService({
    ...{ ...rest, scheme: "imap", example: "curl --user user:pass '{origin}/INBOX;UID=1'" },
    serve: serve({ startTls: "right", ...terms }),
  });
}

function serve(terms: ImapTerms): Parameters<typeof lineService>[0]["serve"] {
  return (network) => (talk) => serveImap(talk, network.mail, terms);
}

async function hugeLiteral(talk: Parameters<typeof serveImap>[0]): Promise<void> {
  await talk.send("* 1 FETCH (UID 1 BODY[] {4294967295}\r\nSubject: the beginning\r\n");
  await talk.stall();
}

async function cut(talk: Parameters<typeof serveImap>[0]): Promise<void> {
  await talk.send("* 1 FETCH (UID 1 BODY[] {1000}\r\nSubject: the beginning\r\n");
  await talk.hangUp();
}
