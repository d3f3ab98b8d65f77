import { lineService } from "../lines/line-service.ts";
import { startTlsServices } from "../lines/start-tls-services.ts";
import type { StreamServiceEntry } from "../service-entry.ts";
import { serveSmtp, smtpCommands, type SmtpTerms } from "./smtp.ts";

const upload = "echo hello | curl --mail-from a@b.test --mail-rcpt user@a.fairlead.test --upload-file -";

/** SMTP, right and wrong. */
export const smtpServices = [
  smtp({
    name: "smtp",
    does: "takes mail by SMTP with STARTTLS and AUTH, for IMAP and POP3 to hand out; user, pass",
    example: "swaks --server localhost:{port} --to user@a.fairlead.test --tls --auth-user user --auth-password pass",
  }),
  lineService({
    ...{ name: "smtps", scheme: "smtps", tls: "first" },
    does: "takes mail by SMTP over TLS from the first byte (RFC 8314)",
    example: `${upload} --cacert {ca} --user user:pass {origin}`,
    serve: serve({ startTls: "right" }),
  }),
  ...startTlsServices({
    ...{ protocol: "smtp", command: "STARTTLS" },
    example: `${upload} --ssl-reqd --cacert {ca} {origin}`,
    serve: (startTls) => serve({ startTls }),
  }),
  smtp({
    name: "smtp-tls-required",
    does: "refuses SMTP's MAIL before STARTTLS with 530",
    terms: {
      commands: {
        MAIL: (session, argument) =>
          session.talk.isSecure
            ? smtpCommands.MAIL(session, argument)
            : session.talk.say("530 5.7.0 say STARTTLS first"),
      },
    },
  }),
  smtp({
    name: "smtp-auth-required",
    does: "refuses SMTP's MAIL before AUTH with 530, as submission does (RFC 6409)",
    terms: {
      commands: {
        MAIL: (session, argument) =>
          session.user === undefined
            ? session.talk.say("530 5.7.0 say who you are first")
            : smtpCommands.MAIL(session, argument),
      },
    },
  }),
  smtp({
    name: "smtp-auth-cram-md5",
    does: "lets SMTP clients in by CRAM-MD5 alone, and refuses MAIL before",
    terms: {
      extensions: ["AUTH CRAM-MD5"],
      commands: {
        AUTH: (session, argument) =>
          /^CRAM-MD5$/i.test(argument)
            ? smtpCommands.AUTH(session, argument)
            : session.talk.say("504 5.5.4 CRAM-MD5 alone"),
        MAIL: (session, argument) =>
          session.user === undefined
            ? session.talk.say("530 5.7.0 say who you are first")
            : smtpCommands.MAIL(session, argument),
      },
    },
  }),
  greylist(),
  smtp({
    name: "smtp-full",
    does: "refuses every SMTP recipient with 452: the mailbox is full",
    terms: { refuseRecipient: () => "452 4.2.2 the mailbox is full" },
  }),
  smtp({
    name: "smtp-some-recipients",
    does: "refuses SMTP recipients whose name begins with no- by 550, and takes the others",
    terms: {
      refuseRecipient: (_, recipient) => (/^no-/i.test(recipient) ? "550 5.1.1 nobody has that name here" : undefined),
    },
  }),
  smtp({
    name: "smtp-small",
    does: "announces that SMTP messages may have 1,000 bytes, and refuses longer ones with 552",
    terms: { messageLimitBytes: 1000 },
  }),
  smtp({
    name: "smtp-no-ehlo",
    does: "knows the SMTP of 1982 alone: HELO, and 502 for EHLO",
    terms: { startTls: "absent", commands: { EHLO: ({ talk }) => talk.say("502 command not implemented") } },
  }),
  smtp({
    name: "smtp-421",
    does: "greets SMTP clients with 421 and hangs up",
    terms: {
      greet: ({ talk }) => talk.hangUp("421 4.3.2 a.fairlead.test is shutting down"),
    },
  }),
  smtp({
    name: "smtp-554",
    does: "greets SMTP clients with 554 and takes no command but QUIT",
    terms: {
      greet: async ({ talk }) => {
        await talk.say("554 5.7.1 no mail is taken here");
        while (!/^QUIT$/i.test(await talk.line())) await talk.say("503 5.5.1 no mail is taken here");
        await talk.hangUp("221 2.0.0 good bye");
      },
    },
  }),
  smtp({
    name: "smtp-silent",
    does: "accepts SMTP clients and never greets them",
    terms: { greet: ({ talk }) => talk.stall() },
  }),
  smtp({
    name: "smtp-long-reply",
    does: "answers EHLO with a line of 100,000 characters, where SMTP allows 512",
    terms: {
      commands: {
        EHLO: async (session) => {
          session.hasGreeted = true;
          await session.talk.send(`250-a.fairlead.test\r\n250 X-LONG ${"x".repeat(99_989)}\r\n`);
        },
      },
    },
  }),
  smtp({
    name: "smtp-endless-reply",
    does: "answers EHLO with lines that never come to an end",
    terms: {
      commands: {
        EHLO: async ({ talk }) => {
          const lines = "250-X-MORE\r\n".repeat(1000);
          // Waits for the client whenever that does not keep up, and ends with it.
          for (;;) {
            await talk.send(lines);
            await talk.pause(1);
          }
        },
      },
    },
  }),
  smtp({
    name: "smtp-8bit",
    does: "answers SMTP in bytes that are neither ASCII nor UTF-8",
    terms: { greet: ({ talk }) => talk.send(Buffer.from("220 a.fairlead.test gr\xfc\xdfe \xc3\x28\r\n", "latin1")) },
  }),
  smtp({
    name: "smtp-bare-lf",
    does: "ends its SMTP greeting and reply to EHLO with LF in place of CR LF",
    terms: {
      greet: ({ talk }) => talk.send("220 a.fairlead.test ESMTP\n"),
      commands: {
        EHLO: async (session) => {
          session.hasGreeted = true;
          await session.talk.send("250-a.fairlead.test\n250 8BITMIME\n");
        },
      },
    },
  }),
  smtp({
    name: "smtp-mixed-codes",
    does: "answers EHLO with lines of different codes, which is no reply in SMTP",
    terms: { commands: { EHLO: ({ talk }) => talk.say("250-a.fairlead.test", "220-8BITMIME", "550 SIZE 1000") } },
  }),
  smtp({
    name: "smtp-slow",
    does: "sends its SMTP greeting a byte at a time, twenty a second",
    terms: {
      greet: async ({ talk }) => {
        for (const byte of "220 slow\r\n") {
          await talk.send(byte);
          await talk.pause(50);
        }
      },
    },
  }),
  smtp({
    name: "smtp-cut",
    does: "hangs up on SMTP clients in the middle of a message, after the go-ahead of DATA",
    terms: {
      commands: {
        DATA: async ({ talk }) => {
          await talk.say("354 go on, and end with a dot");
          await talk.dataLine();
          await talk.hangUp();
        },
      },
    },
  }),
  smtp({
    name: "smtp-taken-or-not",
    does: "takes an SMTP message and hangs up before it says so",
    terms: {
      receive: ({ talk, store, sender = "", recipients }, bytes) => {
        store.add("INBOX", { bytes, envelope: { from: sender, to: recipients } });
        return talk.hangUp();
      },
    },
  }),
  smtp({
    name: "smtp-reset",
    does: "resets the connection at SMTP's MAIL",
    terms: { commands: { MAIL: ({ talk }) => talk.reset() } },
  }),
] as const;

interface SmtpServiceTerms<Name extends string> {
  readonly name: Name;
  readonly does: string;
  readonly example?: string;
  readonly terms?: Partial<SmtpTerms>;
}

function smtp<const Name extends string>({
  terms,
  example,
  ...rest
}: SmtpServiceTerms<Name>): StreamServiceEntry<Name> {
  return lineService({
    ...{ ...rest, scheme: "smtp", example: example ?? `${upload} {origin}` },
    serve: serve({ startTls: "right", ...terms }),
  });
}

function serve(terms: SmtpTerms): Parameters<typeof lineService>[0]["serve"] {
  return (network) => (talk) => serveSmtp(talk, network.mail, terms);
}

const greylistLimit = 1000;

function greylist(): StreamServiceEntry<"smtp-greylist"> {
  return lineService({
    ...{ name: "smtp-greylist", scheme: "smtp", example: `${upload} {origin}` },
    does: "refuses an SMTP sender and recipient at first with 451, and takes them when they come again",
    serve: (network) => {
      const seen = new Set<string>();
      const refuseRecipient: SmtpTerms["refuseRecipient"] = ({ sender }, recipient) => {
        const pair = `${sender ?? ""} ${recipient}`;
        if (seen.delete(pair)) return undefined;
        if (seen.size < greylistLimit) seen.add(pair);
        return "451 4.7.1 come again later";
      };
      return (talk) => serveSmtp(talk, network.mail, { startTls: "right", refuseRecipient });
    },
  });
}
