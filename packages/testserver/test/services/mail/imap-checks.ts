import assert from "node:assert/strict";
import type { OutsideCheck, ServiceCheck } from "../../describe-services.ts";
import type { Outcome } from "../../outside.ts";
import { startTlsChecks } from "../lines/start-tls-checks.ts";

const fetchFirst = ({ curl }: ServiceCheck, ...options: readonly string[]): Promise<Outcome> =>
  curl("--user", "user:pass", ...options, "/INBOX;UID=1");

function fetchFails(code: number, words: RegExp, ...options: readonly string[]): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      const outcome = await fetchFirst(check, ...options);
      assert.match(outcome.stderr, words);
      assert.equal(outcome.code, code);
    },
  };
}

function hasWelcome({ code, stdout, stderr }: Outcome): void {
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^From: Fairlead .*\r\nSubject: Welcome\r\n.*This mailbox is for tests\./s);
}

const session = `
import imaplib, sys
box = imaplib.IMAP4("127.0.0.1", int(sys.argv[1]))
try: box.login("user", "no")
except imaplib.IMAP4.error as error: print(error)
box.login("user", "pass")
print(box.append("Archive", "\\\\Flagged", None, b"Subject: kept\\r\\n\\r\\nbody\\r\\n")[0])
print(box.select("Archive")[1], box.list('""', "A*")[1], box.status("Archive", "(MESSAGES)")[1])
print(box.fetch("1", "(FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (SUBJECT)] BODY.PEEK[TEXT]<1.2>)")[1])
print(box.search(None, "SUBJECT", "KEPT", "FLAGGED")[1], box.search(None, "UNFLAGGED")[1])
print(box.store("1", "+FLAGS", "(\\\\Deleted)")[1], box.expunge()[1], box.fetch("1:*", "FLAGS")[1])
print(box.select("None")[0])
print(box.logout()[1])
`;

/** Checks by clients that are not ours, for the services of IMAP. */
export const imapChecks = {
  imap: {
    by: ["curl", "python3"],
    check: async (check) => {
      hasWelcome(await fetchFirst(check, "--ssl-reqd"));
      const { stdout, stderr } = await check.run("python3", ["-c", session, String(check.service.port)]);
      assert.match(stdout, /^b'\[AUTHENTICATIONFAILED\] these credentials are not right'\nOK\n/, stderr);
      assert.match(stdout, /\[b'1'\] \[b'\(\\\\HasNoChildren\) "\/" Archive'\] \[b'Archive \(MESSAGES 1\)'\]/);
      assert.match(
        stdout,
        /FLAGS \(\\\\Flagged\) RFC822\.SIZE 23 BODY\[HEADER\.FIELDS \(SUBJECT\)\] \{17\}', b'Subject: kept\\r\\n\\r\\n'\)/,
      );
      assert.match(stdout, /BODY\[TEXT\]<1> \{2\}', b'od'\)/);
      assert.match(stdout, /\[b'1'\] \[b''\]/);
      assert.match(stdout, /\[b'1 \(FLAGS \(\\\\Flagged \\\\Deleted\)\)'\] \[b'1'\] \[None\]\nNO/);
      // RFC 2177: news comes by itself.
      const idle = await check.run("python3", [
        "-c",
        idling,
        String(check.service.port),
        String(check.network.service("smtp").port),
      ]);
      assert.match(idle.stdout, /^\+ idling\n\* \d+ EXISTS\nA3 OK done\n$/, idle.stderr);
    },
  },
  imaps: {
    by: ["curl"],
    check: async (check) => {
      hasWelcome(await fetchFirst(check));
    },
  },
  ...startTlsChecks({
    ...{ protocol: "imap", command: "A1 STARTTLS", early: "A2 NOOP", earlyAnswer: /^A2 OK done/ },
    ...{ use: fetchFirst, absent: /STARTTLS not available/, refused: /STARTTLS denied/, goAhead: /^A1 OK go ahead$/ },
  }),
  "imap-preauth": {
    by: ["curl"],
    check: async (check) => {
      hasWelcome(await check.curl("--verbose", "/INBOX;UID=1"));
      const { code, stderr } = await fetchFirst(check, "--ssl-reqd");
      assert.match(stderr, /STARTTLS not available/);
      assert.equal(code, 64);
    },
  },
  "imap-bye": fetchFails(8, /unexpected imap-server response/),
  "imap-login-disabled": {
    by: ["curl"],
    check: async (check) => {
      assert.equal((await fetchFirst(check)).code, 67);
      hasWelcome(await fetchFirst(check, "--ssl-reqd"));
    },
  },
  "imap-huge-literal": fetchFails(28, /timed out .* with \d+ out of 4294967295 bytes received/, "--max-time", "1"),
  "imap-flood": fetchFails(56, /Too large response headers/),
  "imap-cut": fetchFails(18, /transfer closed with \d+ bytes remaining to read/),
  "imap-wrong-tag": fetchFails(28, /timed out/, "--max-time", "1"),
} as const satisfies Record<string, OutsideCheck>;

const idling = `
import smtplib, socket, sys
box = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
lines = box.makefile("rb")
lines.readline()
box.sendall(b"A1 LOGIN user pass\\r\\nA2 SELECT INBOX\\r\\nA3 IDLE\\r\\n")
while True:
    line = lines.readline()
    if line.startswith(b"+"): break
print(line.decode().strip())
smtplib.SMTP("127.0.0.1", int(sys.argv[2])).sendmail("a@b.test", "user@a.fairlead.test", "news")
print(lines.readline().decode().strip())
box.sendall(b"DONE\\r\\n")
print(lines.readline().decode().strip())
`;
