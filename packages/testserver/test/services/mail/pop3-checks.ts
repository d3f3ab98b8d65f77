import assert from "node:assert/strict";
import type { OutsideCheck, ServiceCheck } from "../../describe-services.ts";
import type { Outcome } from "../../outside.ts";
import { startTlsChecks } from "../lines/start-tls-checks.ts";

const fetchFirst = ({ curl }: ServiceCheck, ...options: readonly string[]): Promise<Outcome> =>
  curl("--user", "user:pass", ...options, "/1");

function hasWelcome(outcome: Outcome): void {
  assert.equal(outcome.code, 0, outcome.stderr);
  assert.match(outcome.stdout, /^From: Fairlead .*\r\nSubject: Welcome\r\n.*This mailbox is for tests\./s);
}

/** Checks by clients that are not ours, for the services of POP3. */
export const pop3Checks = {
  pop3: {
    by: ["curl", "python3"],
    check: async (check) => {
      hasWelcome(await fetchFirst(check, "--ssl-reqd"));
      const script = `
import poplib, sys
box = poplib.POP3("127.0.0.1", int(sys.argv[1]))
try: box.stat()
except poplib.error_proto as error: print(error)
box.user("user")
try: box.pass_("no")
except poplib.error_proto as error: print(error)
box.user("user"); box.pass_("pass")
print(box.stat()[0] == len(box.list()[1]) == len(box.uidl()[1]))
print(box.retr(3)[1][-5:-2], box.top(1, 1)[1][-1])
box.dele(1); box.rset(); print(box.list(1)); box.quit()
`;
      const { stdout, stderr } = await check.run("python3", ["-c", script, String(check.service.port)]);
      assert.deepEqual(
        stdout.split("\n"),
        [
          "b'-ERR say who you are first'",
          "b'-ERR [AUTH] these credentials are not right'",
          "True",
          "[b'.', b'..', b'.a line that begins with a dot'] b'This mailbox is for tests.'",
          "b'+OK 1 252'",
          "",
        ],
        stderr,
      );
    },
  },
  pop3s: {
    by: ["curl"],
    check: async (check) => {
      hasWelcome(await fetchFirst(check));
    },
  },
  ...startTlsChecks({
    ...{ protocol: "pop3", command: "STLS", early: "CAPA", earlyAnswer: /^\+OK this is what there is/ },
    ...{ use: fetchFirst, absent: /STLS not supported/, refused: /STARTTLS denied/, goAhead: /^\+OK go ahead$/ },
  }),
  "pop3-apop": {
    by: ["curl"],
    check: async (check) => {
      const outcome = await fetchFirst(check, "--verbose");
      assert.match(outcome.stderr, /> APOP user [0-9a-f]{32}/);
      hasWelcome(outcome);
      const { code } = await check.curl("--user", "user:no", "/1");
      assert.equal(code, 67);
    },
  },
  "pop3-locked": {
    by: ["curl"],
    check: async (check) => {
      const { code, stderr } = await fetchFirst(check, "--verbose");
      assert.match(stderr, /< -ERR \[IN-USE\]/);
      assert.equal(code, 67);
    },
  },
  "pop3-no-capa": {
    by: ["curl"],
    check: async (check) => {
      const outcome = await fetchFirst(check, "--verbose");
      assert.match(outcome.stderr, /> CAPA\s+< -ERR .*> USER user\s.*> PASS pass\s/s);
      hasWelcome(outcome);
    },
  },
  "pop3-wrong-size": {
    by: ["curl"],
    check: async (check) => {
      const outcome = await fetchFirst(check, "--verbose");
      assert.match(outcome.stderr, /< \+OK 25 octets/);
      hasWelcome(outcome);
    },
  },
  "pop3-cut": {
    by: ["python3"],
    check: async ({ run, service }) => {
      const script = `
import poplib, sys
box = poplib.POP3("127.0.0.1", int(sys.argv[1]))
box.user("user"); box.pass_("pass"); box.retr(3)
`;
      const { stderr } = await run("python3", ["-c", script, String(service.port)]);
      assert.match(stderr, /error_proto: -ERR EOF/);
    },
  },
} as const satisfies Record<string, OutsideCheck>;
