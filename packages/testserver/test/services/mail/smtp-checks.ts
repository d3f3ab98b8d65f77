import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import type { OutsideCheck, ServiceCheck } from "../../describe-services.ts";
import type { Outcome } from "../../outside.ts";
import { startTlsChecks } from "../lines/start-tls-checks.ts";

const recipient = "user@a.fairlead.test";

/** Sends a message by curl: options, which a second recipient may be among. */
async function send({ curl, folder }: ServiceCheck, text: string, ...options: readonly string[]): Promise<Outcome> {
  const file = join(folder, "message");
  await writeFile(file, `From: a@b.test\r\n\r\n${text}\r\n`);
  return curl("--mail-from", "a@b.test", "--mail-rcpt", recipient, ...options, "--upload-file", file, "/mail.b.test");
}

/** A check that sending fails as curl says it. */
function sendingFails(code: number, words: RegExp, ...options: readonly string[]): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      const { code: exit, stderr } = await send(check, "hello", ...options);
      assert.match(stderr, words);
      assert.equal(exit, code);
    },
  };
}

/** Whether a message with this text can be fetched: what was said to be taken is there. */
async function isThere({ network, run }: ServiceCheck, text: string): Promise<boolean> {
  const { port } = network.service("control");
  const { stdout } = await run("curl", ["--silent", `http://127.0.0.1:${port}/mail`]);
  return stdout.includes(text);
}

const user = ["--user", "user:pass"];

/** Checks by clients that are not ours, for the services of SMTP. */
export const smtpChecks = {
  smtp: {
    by: ["swaks", "curl"],
    check: async (check) => {
      const { service, run } = check;
      const to = ["--server", "127.0.0.1", "--port", String(service.port), "--to", recipient, "--from", "a@b.test"];
      for (const mechanism of ["PLAIN", "LOGIN", "CRAM-MD5"]) {
        const auth = ["--auth-user", "user", "--auth", mechanism, "--auth-password"];
        const { code, output } = await run("swaks", [...to, ...auth, "pass", "--body", `.swaks ${mechanism}`]);
        assert.equal(code, 0, output);
        assert.ok(await isThere(check, `\\r\\n.swaks ${mechanism}\\r\\n`));
        // 28: authentication failed.
        const refused = await run("swaks", [...to, ...auth, "no", "--quit-after", "AUTH"]);
        assert.equal(refused.code, 28, refused.output);
        assert.match(refused.output, /535 5\.7\.8/);
      }
      const { code, stderr } = await send(check, "after STARTTLS", "--ssl-reqd", "--verbose", ...user);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /> STARTTLS.*SSL certificate verify ok.*> AUTH.*> DATA/s);
      assert.doesNotMatch(JSON.stringify(check.network.traffic), /dXNlcg|AHVzZXIAcGFzcw/, "the log has no secrets");
    },
  },
  smtps: {
    by: ["curl"],
    check: async (check) => {
      const { code, stderr } = await send(check, "over TLS from the first byte", ...user);
      assert.equal(code, 0, stderr);
      assert.ok(await isThere(check, "over TLS from the first byte"));
    },
  },
  ...startTlsChecks({
    ...{ protocol: "smtp", command: "STARTTLS", early: "EHLO attacker", earlyAnswer: /^250-a\.fairlead\.test\r?\n/ },
    use: (check, ...options) => send(check, "hello", ...options),
    absent: /STARTTLS not supported/,
    refused: /STARTTLS denied, code 454/,
    goAhead: /^220 2\.0\.0 go ahead$/,
  }),
  "smtp-tls-required": {
    by: ["curl"],
    check: async (check) => {
      const { code, stderr } = await send(check, "hello");
      assert.match(stderr, /MAIL failed: 530/);
      assert.equal(code, 55);
      assert.equal((await send(check, "hello", "--ssl-reqd")).code, 0);
    },
  },
  "smtp-auth-required": {
    by: ["curl"],
    check: async (check) => {
      assert.match((await send(check, "hello")).stderr, /MAIL failed: 530/);
      assert.equal((await send(check, "hello", ...user)).code, 0);
    },
  },
  "smtp-auth-cram-md5": {
    by: ["curl"],
    check: async (check) => {
      const { code, stderr } = await send(check, "hello", ...user, "--verbose");
      assert.match(stderr, /> AUTH CRAM-MD5/);
      assert.equal(code, 0);
      assert.match((await send(check, "hello")).stderr, /MAIL failed: 530/);
    },
  },
  "smtp-greylist": {
    by: ["curl"],
    check: async (check) => {
      const { code, stderr } = await send(check, "hello");
      assert.match(stderr, /RCPT failed: 451/);
      assert.equal(code, 55);
      assert.equal((await send(check, "hello")).code, 0);
    },
  },
  "smtp-full": sendingFails(55, /RCPT failed: 452/),
  "smtp-some-recipients": {
    by: ["curl"],
    check: async (check) => {
      assert.match((await send(check, "hello", "--mail-rcpt", "no-one@b.test")).stderr, /RCPT failed: 550/);
      const { code } = await send(check, "to one of two", "--mail-rcpt", "no-one@b.test", "--mail-rcpt-allowfails");
      assert.equal(code, 0);
      assert.ok(await isThere(check, "to one of two"));
    },
  },
  "smtp-small": {
    by: ["curl"],
    check: async (check) => {
      const { stderr, code } = await send(check, "x".repeat(1000), "--verbose");
      assert.match(stderr, /250-SIZE 1000/);
      assert.match(stderr, /MAIL failed: 552/);
      assert.equal(code, 55);
    },
  },
  "smtp-no-ehlo": {
    by: ["curl"],
    check: async (check) => {
      const { stderr, code } = await send(check, "hello", "--verbose");
      assert.match(stderr, /> EHLO .*?< 502 .*?> HELO .*?< 250 /s);
      assert.equal(code, 0);
    },
  },
  "smtp-421": sendingFails(8, /unexpected smtp-server response: 421/),
  "smtp-554": sendingFails(8, /unexpected smtp-server response: 554/),
  "smtp-silent": sendingFails(28, /timed out .* with 0 bytes received/, "--max-time", "0.5"),
  "smtp-long-reply": {
    by: ["curl"],
    check: async (check) => {
      const { stderr } = await send(check, "hello", "--verbose");
      assert.match(stderr, /250 X-LONG x{10000}/);
    },
  },
  "smtp-endless-reply": sendingFails(56, /Too large response headers/),
  "smtp-8bit": {
    by: [],
    check: async ({ service }) => {
      const bytes = await greeting(service.port);
      assert.ok(bytes.includes(0xfc) && bytes.includes(Buffer.from([0xc3, 0x28])));
    },
  },
  "smtp-bare-lf": {
    by: [],
    check: async ({ service }) => {
      assert.equal((await greeting(service.port)).toString(), "220 a.fairlead.test ESMTP\n");
    },
  },
  "smtp-mixed-codes": {
    by: ["curl"],
    check: async (check) => {
      const { stderr } = await send(check, "hello", "--verbose");
      assert.match(stderr, /< 250-a\.fairlead\.test\s+< 220-8BITMIME\s+< 550 SIZE/);
    },
  },
  "smtp-slow": {
    by: ["curl"],
    check: async (check) => {
      const { stdout, code } = await send(check, "hello", "--write-out", "%{time_total}");
      assert.equal(code, 0);
      // Ten bytes, 50 ms behind each: the protocol's floor, not this machine's speed.
      assert.ok(Number(stdout) > 0.45, stdout);
    },
  },
  "smtp-cut": sendingFails(56, /response reading failed/),
  "smtp-taken-or-not": {
    by: ["curl"],
    check: async (check) => {
      const { code } = await send(check, "taken, and not said so");
      assert.equal(code, 56);
      assert.ok(await isThere(check, "taken, and not said so"));
    },
  },
  "smtp-reset": sendingFails(56, /reset by peer/),
} as const satisfies Record<string, OutsideCheck>;

async function greeting(port: number): Promise<Buffer> {
  const socket = connect({ host: "127.0.0.1", port });
  try {
    const [bytes] = (await once(socket, "data")) as [Buffer];
    return bytes;
  } finally {
    socket.destroy();
  }
}
