import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { coapServices } from "../../../src/services/devices/coap/index.ts";
import { deviceIdentity } from "../../../src/services/devices/dtls/device-key.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../../describe-services.ts";
import type { Outcome, RunOptions } from "../../outside.ts";

const gnutls = "coap-client-gnutls";
const openssl = "coap-client-openssl";
const { name: identity, key } = deviceIdentity;

describeServices(coapServices, {
  coap: {
    by: [gnutls, openssl],
    check: async (check) => {
      for (const program of [gnutls, openssl]) {
        const { stdout } = await coap(check, "/test", [], program);
        assert.match(stdout, /^GET confirmable, message ID \d+, token of \d bytes, payload of 0 bytes\n/);
      }
      assert.match((await coap(check, "/.well-known/core")).stdout, /<\/obs>;title="[^"]+";obs/);
      assert.match((await coap(check, "/test", ["-N"])).stdout, /^GET non-confirmable/);
      assert.match((await coap(check, "/separate")).stdout, /^GET confirmable/);
      assert.match((await coap(check, "/query?a=1&b=2")).stdout, /^a=1\nb=2\n/);
      assert.match((await coap(check, "/multi-format", ["-A", "50"])).stdout, /^\{ "format": "json" \}/);
      assert.equal((await coap(check, "/multi-format", ["-A", "60"])).stderr.trim(), "4.06");
      assert.match((await coap(check, "/code/4.04")).stderr, /^4\.04 4\.04 Not Found/);
      assert.match((await coap(check, "/code/5.03")).stderr, /^5\.03/);
      assert.equal((await coap(check, "/nowhere")).stderr.trim(), "4.04");
      assert.equal((await coap(check, "/time", ["-m", "put", "-e", "x"])).stderr.trim(), "4.05");
      assert.equal((await coap(check, "/test", ["-O", "65001,x"])).stderr.trim(), "4.02", "an unknown critical option");
      await sendsBlocks(check);
      await observes(check);
      await validates(check);
    },
  },
  coaps: {
    by: [gnutls, openssl],
    check: async (check) => {
      for (const program of [gnutls, openssl]) {
        const { stdout } = await coap(check, "/large", ["-C", check.caFile], program);
        assert.equal(stdout.split("\n").filter((line) => line.endsWith("of 100")).length, 100);
      }
      const observed = await coap(check, "/obs", ["-C", check.caFile, "-s", "2"]);
      assert.ok(moments(observed).length >= 2, observed.output);
    },
  },
  "coaps-psk": {
    by: [gnutls, openssl],
    check: async (check) => {
      for (const program of [gnutls, openssl]) {
        const { stdout } = await coap(check, "/test", ["-u", identity, "-k", key], program);
        assert.match(stdout, /^GET confirmable/);
      }
      const stranger = await coap(check, "/test", ["-u", "stranger", "-k", key, "-B", "2"]);
      assert.doesNotMatch(stranger.stdout, /GET/);
    },
  },
  "coap-silent": logged(/INFO timeout/, { without: /: received/ }),
  "coap-deaf-at-first": {
    by: [gnutls],
    check: async (check) => {
      const { stdout, output } = await coap(check, "/test", ["-v", "7", "-B", "9"]);
      assert.match(stdout, /GET confirmable/);
      assert.match(output, /retransmission #1/);
    },
  },
  "coap-no-ack": logged(/t:NON c:2\.05/),
  "coap-ack-only": logged(/t:ACK c:0\.00/, { without: /c:2\.05/ }),
  "coap-reset": logged(/t:RST c:0\.00/, { without: /c:2\.05/ }),
  "coap-late": {
    by: [gnutls],
    check: async (check) => {
      const { output, stdout } = await coap(check, "/test", ["-v", "7"]);
      assert.match(output, /t:ACK c:0\.00[^]*t:CON c:2\.05/);
      assert.match(stdout, /GET confirmable/);
    },
  },
  "coap-duplicate": raw(async (answers) => {
    assert.equal((await answers(2)).length, 2);
    const [first, second] = await answers(2);
    assert.ok(first !== undefined && second !== undefined && first === second);
  }),
  "coap-wrong-token": raw(async (answers) => {
    // The token of the request is aa.
    assert.match((await answers(1))[0] ?? "", /^61451234 ?55/);
  }),
  "coap-wrong-message-id": raw(async (answers) => {
    assert.match((await answers(1))[0] ?? "", /^61459234aa/);
  }),
  "coap-malformed": logged(/reserved option length 15[^]*discard malformed PDU/, { without: /c:2\.05/ }),
  "coap-other-version": raw(async (answers) => {
    assert.equal((await answers(1))[0], "a0451234");
  }),
  "coap-critical-option": logged(/unknown critical option 65001/),
  "coap-block-changes": logged(/Data body updated during receipt/),
  "coap-block-endless": {
    by: [gnutls],
    check: async (check) => {
      await coap(check, "/test", ["-v", "7", "-B", "1", "-b", "64"]);
      const said = check.network.traffic.filter(
        ({ type, service }) => type === "said" && service === "coap-block-endless",
      );
      assert.ok(said.length > 40, `${said.length} messages in a second`);
    },
  },
  "coap-wrong-block": raw(async (answers) => {
    // ETag v1 (42 7631), Block2 (d1 06) number 1, more, 64 bytes: 1a.
    assert.match((await answers(1))[0] ?? "", /^61451234aa427631d1061aff/);
  }),
});

function coap(
  { run, service }: ServiceCheck,
  path: string,
  arguments_: readonly string[] = [],
  program = gnutls,
  options?: RunOptions,
): Promise<Outcome> {
  const url = `${service.scheme}://${service.host}:${service.port}${path}`;
  const method = arguments_.includes("-m") ? [] : ["-m", "get"];
  return run(
    program,
    ["-w", ...method, ...(arguments_.includes("-B") ? [] : ["-B", "8"]), ...arguments_, url],
    options,
  );
}

async function sendsBlocks(check: ServiceCheck): Promise<void> {
  const large = await coap(check, "/large", ["-b", "64"]);
  assert.equal(large.stdout.split("\n").filter((line) => line.endsWith("of 100")).length, 100);
  const body = "0123456789".repeat(500);
  const [sent, received] = [join(check.folder, "sent"), join(check.folder, "received")];
  await writeFile(sent, body);
  await coap(check, "/large-update", ["-m", "put", "-b", "128", "-f", sent]);
  await coap(check, "/large-update", ["-o", received]);
  assert.equal((await readFile(received, "utf8")).trimEnd(), body);
  await writeFile(sent, body.repeat(14));
  const tooLarge = await coap(check, "/large-update", ["-m", "put", "-b", "1024", "-f", sent]);
  assert.match(tooLarge.stderr, /4\.13/);
}

async function observes(check: ServiceCheck): Promise<void> {
  const watching = coap(check, "/obs", ["-s", "3"]);
  const observed = await watching;
  assert.ok(moments(observed).length >= 3, observed.output);
}

function moments({ stdout }: Outcome): readonly string[] {
  return stdout.match(/\d{4}-\d\d-\d\dT[\d:.]+Z/g) ?? [];
}

async function validates(check: ServiceCheck): Promise<void> {
  assert.match((await coap(check, "/validate")).stdout, /^version 1/);
  const { output } = await coap(check, "/validate", ["-O", "4,v1", "-v", "7"]);
  assert.match(output, /c:2\.03/);
  const deleted = await coap(check, "/create", ["-m", "delete", "-v", "7"]);
  assert.match(deleted.output, /c:2\.02/);
  const created = await coap(check, "/create", ["-m", "put", "-O", "5,", "-v", "7", "-e", "x"]);
  assert.match(created.output, /c:2\.01/);
  const again = await coap(check, "/create", ["-m", "put", "-O", "5,", "-e", "x"]);
  assert.match(again.stderr, /4\.12/);
}

/** What coap-client says of it, by its log. */
function logged(expected: RegExp, { without }: { readonly without?: RegExp } = {}): OutsideCheck {
  return {
    by: [gnutls],
    check: async (check) => {
      const { output } = await coap(check, "/test", ["-v", "7", "-B", "2"]);
      assert.match(output, expected);
      if (without !== undefined) assert.doesNotMatch(output, without);
    },
  };
}

/** Sends a confirmable GET of /test, message ID 1234, token aa, and prints what comes back, in hexadecimal. */
const script = `
import socket, sys
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(bytes.fromhex("41011234aab474657374"), (sys.argv[1], int(sys.argv[2])))
client.settimeout(5)
for _ in range(int(sys.argv[3])): print(client.recv(65535).hex())
`;

function raw(check: (answers: (count: number) => Promise<readonly string[]>) => Promise<void>): OutsideCheck {
  return {
    by: ["python3"],
    check: ({ run, service: { host, port } }) =>
      check(async (count) => {
        const { stdout, stderr } = await run("python3", ["-c", script, host, `${port}`, `${count}`]);
        assert.equal(stderr, "");
        return stdout.split("\n").filter((line) => line !== "");
      }),
  };
}
