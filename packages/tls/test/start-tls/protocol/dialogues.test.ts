import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  type Dialogue,
  type DialogueOutcome,
  DialogueRunner,
  maxDialogueBytes,
} from "../../../src/start-tls/protocol/dialogue.ts";
import { ftpDialogue } from "../../../src/start-tls/protocol/ftp.ts";
import { imapDialogue } from "../../../src/start-tls/protocol/imap.ts";
import { ldapDialogue } from "../../../src/start-tls/protocol/ldap.ts";
import { mysqlDialogue } from "../../../src/start-tls/protocol/mysql.ts";
import { pop3Dialogue } from "../../../src/start-tls/protocol/pop3.ts";
import { postgresqlDialogue } from "../../../src/start-tls/protocol/postgresql.ts";
import { smtpDialogue } from "../../../src/start-tls/protocol/smtp.ts";
import { xmppDialogue } from "../../../src/start-tls/protocol/xmpp.ts";

/** What a server says, in turns; an empty one where the client begins. */
type Script = readonly (string | Buffer)[];

interface Protocol {
  readonly title: string;
  readonly open: () => Dialogue;
  readonly good: readonly Script[];
  /** What the client says, one character per byte. */
  readonly says: readonly string[];
  readonly refused: readonly Script[];
  readonly invalid: readonly Script[];
}

const ns = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'";
const stream = "<?xml version='1.0'?><stream:stream id='a>b' version='1.0'>";
const ldapAnswer = (id: number, tag: number, code: number): Buffer =>
  Buffer.of(0x30, 12, 2, 1, id, tag, 7, 0x0a, 1, code, 4, 0, 4, 0);
const mysqlGreeting = (capabilities: number): Buffer => {
  const payload = Buffer.concat([
    Buffer.from("\n8.4.0\0"),
    Buffer.alloc(13, 1),
    Buffer.of(capabilities & 0xff, capabilities >> 8),
    Buffer.alloc(20),
  ]);
  return Buffer.concat([Buffer.of(payload.length, 0, 0, 0), payload]);
};

const protocols: readonly Protocol[] = [
  {
    title: "SMTP",
    open: () => smtpDialogue("client.test"),
    says: ["EHLO client.test\r\n", "STARTTLS\r\n"],
    good: [
      ["220 mx.test ESMTP\r\n", "250-mx.test\r\n250-PIPELINING\r\n250 STARTTLS\r\n", "220 go ahead\r\n"],
      ["220-one\r\n220 two\r\n", "250-mx.test\r\n250-starttls\r\n250 HELP\r\n", "220\r\n"],
    ],
    refused: [
      ["554 no service\r\n"],
      ["220 mx.test\r\n", "250-STARTTLS.test\r\n250 HELP\r\n"],
      ["220 mx.test\r\n", "502 what\r\n"],
      ["220 mx.test\r\n", "250-mx.test\r\n250 STARTTLS\r\n", "454 not now\r\n"],
    ],
    invalid: [["SSH-2.0-OpenSSH\r\n"], ["220-a\r\n221 b\r\n"], ["2200 a\r\n"], [`220 ${"a".repeat(3_000)}`]],
  },
  {
    title: "IMAP",
    open: () => imapDialogue(),
    says: ["a1 STARTTLS\r\n"],
    good: [
      ["* OK ready\r\n", "a1 OK begin\r\n"],
      ["* OK [CAPABILITY IMAP4rev2]\r\n", "* CAPABILITY IMAP4rev2\r\na1 ok\r\n"],
    ],
    refused: [
      ["* PREAUTH welcome back\r\n"],
      ["* BYE full\r\n"],
      ["* OK\r\n", "a1 BAD what\r\n"],
      ["* OK\r\n", "a1 NO\r\n"],
      ["* OK\r\n", "* BYE\r\n"],
    ],
    invalid: [["+OK\r\n"], ["* OK\r\n", "a2 OK\r\n"], ["* OK\r\n", "* X {3}\r\n"], ["* OK\r\n", "* X\r\n".repeat(40)]],
  },
  {
    title: "POP3",
    open: () => pop3Dialogue(),
    says: ["STLS\r\n"],
    good: [["+OK ready\r\n", "+OK\r\n"]],
    refused: [["-ERR busy\r\n"], ["+OK\r\n", "-ERR what\r\n"]],
    invalid: [["* OK\r\n"], ["+OK\r\n", "+OKAY\r\n"]],
  },
  {
    title: "FTP",
    open: () => ftpDialogue(),
    says: ["AUTH TLS\r\n"],
    good: [
      ["220 ready\r\n", "234 go\r\n"],
      ["120 soon\r\n220-hello\r\n 220 not yet\r\nfree text\r\n220 ready\r\n", "234 go\r\n"],
    ],
    refused: [["421 busy\r\n"], ["220 ready\r\n", "530 log in\r\n"], ["220 ready\r\n", "502 what\r\n"]],
    invalid: [["hello\r\n"], ["220-\r\n".repeat(200)]],
  },
  {
    title: "LDAP",
    open: () => ldapDialogue(),
    says: ["0\u001d\u0002\u0001\u0001w\u0018\u0080\u00161.3.6.1.4.1.1466.20037"],
    good: [
      ["", ldapAnswer(1, 0x78, 0)],
      ["", Buffer.concat([Buffer.of(0x30, 0x84, 0, 0, 0, 12), ldapAnswer(1, 0x78, 0).subarray(2)])],
    ],
    refused: [
      ["", ldapAnswer(1, 0x78, 2)],
      ["", ldapAnswer(0, 0x78, 52)],
    ],
    invalid: [
      ["", Buffer.of(0x31, 0)],
      ["", ldapAnswer(1, 0x61, 0)],
      ["", Buffer.of(0x30, 0)],
      ["", Buffer.of(0x30, 0x84, 0x7f, 0xff, 0xff, 0xff)],
    ],
  },
  {
    title: "XMPP",
    open: () => xmppDialogue("im.test"),
    says: [
      "<?xml version='1.0'?><stream:stream to='im.test' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
      `<starttls ${ns}/>`,
    ],
    good: [
      ["", `${stream}<stream:features><starttls ${ns}><required/></starttls></stream:features>`, `<proceed ${ns}/>`],
      ["", `${stream}<features><starttls ${ns}/></features>`, `<proceed ${ns}></proceed>`],
    ],
    refused: [
      ["", `${stream}<stream:features><m>PLAIN</m></stream:features>`],
      ["", `${stream}<stream:features/>`],
      ["", `${stream}<stream:features><starttls xmlns='other'/></stream:features>`],
      ["", `${stream}<stream:error>`],
      ["", `${stream}<stream:features><starttls ${ns}/></stream:features>`, `<failure ${ns}/>`],
    ],
    invalid: [
      ["", "<!DOCTYPE a>"],
      ["", `<${"a".repeat(5_000)}`],
      ["", `${stream}<stream:features><starttls ${ns}/></stream:features>`, "<proceed/>"],
    ],
  },
  {
    title: "PostgreSQL",
    open: () => postgresqlDialogue(),
    says: ["\0\0\0\b\u0004Ò\u0016/"],
    good: [["", "S"]],
    refused: [
      ["", "N"],
      ["", "E"],
    ],
    invalid: [
      ["", "H"],
      ["", "\u0016"],
    ],
  },
  {
    title: "MySQL",
    open: () => mysqlDialogue(),
    says: [` \0\0\u0001\0\u008a\b\0\0\0\0\u0001-${"\0".repeat(23)}`],
    good: [[mysqlGreeting(0xffff)], [mysqlGreeting(0x0800)]],
    refused: [[mysqlGreeting(0xf7ff)], [Buffer.of(5, 0, 0, 0, 0xff, 0x10, 0x04, 0, 0)]],
    invalid: [[Buffer.of(5, 0, 0, 1, 10, 0, 0, 0, 0)], [Buffer.of(1, 0, 1, 0)], ["SSH-2.0-OpenSSH\r\n"]],
  },
];

for (const { title, open, good, says, refused, invalid } of protocols) {
  describe(`${title} asks for TLS`, () => {
    for (const [index, script] of good.entries()) {
      test(`and gets it, whole and byte by byte (${String(index + 1)})`, () => {
        for (const pieces of [whole, singly]) {
          const { outcome, said } = converse(open(), script, pieces);
          assert.equal(outcome?.type, "secure");
          assert.deepEqual(said, says);
        }
      });

      test(`and refuses what the server says after its go-ahead (${String(index + 1)})`, () => {
        for (const pieces of [whole, singly]) {
          const last = Buffer.from(script.at(-1) ?? "");
          const more = [...script.slice(0, -1), Buffer.concat([last, Buffer.from("x")])];
          assert.equal(converse(open(), more, pieces).outcome?.type, "injected");
        }
      });

      test(`and refuses answers to what was not asked yet (${String(index + 1)})`, () => {
        // All of it at once: whatever is there when the client has to speak was not asked for.
        const turns = script.filter((turn) => turn.length > 0);
        if (turns.length < 2) return;
        const lead = script[0] === "" ? [""] : [];
        const { outcome } = converse(open(), [...lead, Buffer.concat(turns.map((turn) => Buffer.from(turn)))], whole);
        assert.equal(outcome?.type, "injected");
      });

      test(`and waits for every byte of the answers (${String(index + 1)})`, () => {
        const last = Buffer.from(script.at(-1) ?? "");
        const cut = [...script.slice(0, -1), last.subarray(0, -1)];
        assert.equal(converse(open(), cut, whole).outcome, undefined);
      });
    }

    for (const [kind, scripts] of [
      ["refused", refused],
      ["invalid", invalid],
    ] as const) {
      for (const script of scripts) {
        test(`and is told ${kind}: ${JSON.stringify(script.map((turn) => Buffer.from(turn).toString("latin1"))).slice(0, 90)}`, () => {
          for (const pieces of [whole, singly]) assert.equal(converse(open(), script, pieces).outcome?.type, kind);
        });
      }
    }

    test("and ends, or wants more, whatever arrives", () => {
      fc.assert(
        fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 8 }), (chunks) => {
          const runner = new DialogueRunner(open());
          runner.start();
          for (const chunk of chunks) runner.add(chunk);
        }),
      );
    });

    test("and does not listen for ever", () => {
      const runner = new DialogueRunner(open());
      runner.start();
      let outcome: DialogueOutcome | undefined;
      const lines = Buffer.from("220-a\r\n".repeat(1_000));
      for (let sent = 0; sent <= maxDialogueBytes && outcome === undefined; sent += lines.length) {
        ({ outcome } = runner.add(lines));
      }
      assert.notEqual(outcome, undefined);
      assert.notEqual(outcome?.type, "secure");
    });
  });
}

const whole = (turn: Buffer): Buffer[] => [turn];
const singly = (turn: Buffer): Buffer[] => Array.from(turn, (byte) => Buffer.of(byte));

/** Lets a server say its turns, each when the client has had its own. */
function converse(
  dialogue: Dialogue,
  script: Script,
  pieces: (turn: Buffer) => Buffer[],
): { readonly outcome: DialogueOutcome | undefined; readonly said: readonly string[] } {
  const runner = new DialogueRunner(dialogue);
  const first = runner.start();
  const said = [...first.send];
  let { outcome } = first;
  for (const piece of script.flatMap((turn) => pieces(Buffer.from(turn)))) {
    const progress = runner.add(piece);
    said.push(...progress.send);
    ({ outcome } = progress);
  }
  return { outcome, said: said.map((bytes) => Buffer.from(bytes).toString("latin1")) };
}
