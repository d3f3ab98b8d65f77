import { lineService } from "../lines/line-service.ts";
import { startTlsServices } from "../lines/start-tls-services.ts";
import type { StreamServiceEntry } from "../service-entry.ts";
import { pop3Commands, servePop3, stuffed, type Pop3Terms } from "./pop3.ts";

/** POP3, right and wrong. */
export const pop3Services = [
  pop3({ name: "pop3", does: "hands out mail by POP3 with STLS; user, pass" }),
  lineService({
    ...{ name: "pop3s", scheme: "pop3s", tls: "first" },
    does: "hands out mail by POP3 over TLS from the first byte (RFC 8314)",
    example: "curl --cacert {ca} --user user:pass {origin}/1",
    serve: serve({ startTls: "right" }),
  }),
  ...startTlsServices({
    ...{ protocol: "pop3", command: "STLS" },
    example: "curl --ssl-reqd --cacert {ca} --user user:pass {origin}/1",
    serve: (startTls) => serve({ startTls }),
  }),
  pop3({ name: "pop3-apop", does: "lets POP3 clients in by APOP alone", terms: { apop: true } }),
  pop3({
    name: "pop3-locked",
    does: "refuses every POP3 client: another one has the mailbox (RFC 2449, IN-USE)",
    terms: { isLocked: true },
  }),
  pop3({
    name: "pop3-no-capa",
    does: "speaks the POP3 of 1996 without CAPA and AUTH",
    terms: { startTls: "absent", commands: { CAPA: unknown, AUTH: unknown } },
  }),
  pop3({
    name: "pop3-wrong-size",
    does: "announces a tenth of a message's size in POP3's LIST and RETR",
    terms: {
      commands: {
        LIST: ({ talk, drop = [] }) =>
          talk.say("+OK", ...drop.map(({ bytes }, index) => `${index + 1} ${Math.floor(bytes.length / 10)}`), "."),
        RETR: async (session, argument) => {
          const mail = session.drop?.[Number(argument) - 1];
          if (mail === undefined) return pop3Commands.RETR(session, argument);
          await session.talk.say(`+OK ${Math.floor(mail.bytes.length / 10)} octets`);
          await session.talk.send(stuffed(mail.bytes));
          await session.talk.say(".");
        },
      },
    },
  }),
  pop3({
    name: "pop3-cut",
    does: "hangs up on POP3 clients in the middle of a message",
    terms: {
      commands: {
        RETR: async ({ talk, drop = [] }, argument) => {
          const { bytes } = drop[Number(argument) - 1] ?? { bytes: Buffer.from("gone\r\n") };
          await talk.say(`+OK ${bytes.length} octets`);
          await talk.send(stuffed(bytes).subarray(0, bytes.length / 2));
          await talk.hangUp();
        },
      },
    },
  }),
] as const;

interface Pop3ServiceTerms<Name extends string> {
  readonly name: Name;
  readonly does: string;
  readonly terms?: Partial<Pop3Terms>;
}

function pop3<const Name extends string>({ terms, ...rest }: Pop3ServiceTerms<Name>): StreamServiceEntry<Name> {
  return lineService({
    ...{ ...rest, scheme: "pop3", example: "curl --user user:pass {origin}/1" },
    serve: serve({ startTls: "right", ...terms }),
  });
}

function serve(terms: Pop3Terms): Parameters<typeof lineService>[0]["serve"] {
  return (network) => (talk) => servePop3(talk, network.mail, terms);
}

function unknown({ talk }: Parameters<(typeof pop3Commands)["NOOP"]>[0]): Promise<void> {
  return talk.say("-ERR there is no such command here");
}
