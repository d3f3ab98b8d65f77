import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mintCertificate } from "@fairlead/testserver/authority";
import { deviceIdentity } from "../../../src/services/devices/dtls/device-key.ts";
import { mqttServices } from "../../../src/services/devices/mqtt/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../../describe-services.ts";
import type { Outcome } from "../../outside.ts";

const { name: user, key: password } = deviceIdentity;
const both = ["mosquitto_pub", "mosquitto_sub"];

describeServices(mqttServices, {
  mqtt: {
    by: both,
    check: async (check) => {
      await carries(check, []);
      await keepsSessions(check);
      const asked = await subscribe(check, ["-t", "$SYS/#", "-W", "1"]);
      assert.deepEqual([asked.code, asked.stdout], [27, ""], "nothing in $SYS");
    },
  },
  "mqtt-auth": {
    by: both,
    check: async (check) => {
      await carries(check, ["-u", user, "-P", password]);
      for (const wrong of [[], ["-u", user, "-P", "another"], ["-u", "stranger", "-P", password]]) {
        const { code, output } = await publish(check, [...wrong, "-t", "a", "-m", "b"]);
        assert.equal(code, 4);
        assert.match(output, /Connection Refused: bad user name or password/);
      }
    },
  },
  mqtts: {
    by: both,
    check: async (check) => {
      await carries(check, ["--cafile", check.caFile, "-h", "localhost"]);
      const { code } = await publish(check, ["-h", "localhost", "--capath", "/etc/ssl/certs", "-t", "a", "-m", "b"]);
      assert.notEqual(code, 0, "not trusted by anybody else");
    },
  },
  "mqtt-client-certificate": {
    by: both,
    check: async (check) => {
      const { network, folder, caFile } = check;
      const { certificate, privateKey } = await mintCertificate({
        issuer: network.ca,
        names: ["device"],
        usage: "client",
      });
      const file = join(folder, "device.pem");
      await writeFile(file, certificate + privateKey, { mode: 0o600 });
      const trusting = ["--cafile", caFile, "-h", "localhost"];
      await carries(check, [...trusting, "--cert", file, "--key", file]);
      assert.notEqual((await publish(check, [...trusting, "-t", "a", "-m", "b"])).code, 0);
    },
  },
  "mqtt-refused": {
    by: ["mosquitto_pub"],
    check: async (check) => {
      const reasons = [
        ["1", /unacceptable protocol version/],
        ["2", /identifier rejected/],
        ["3", /broker unavailable/],
        ["4", /bad user name or password/],
        ["5", /not authorised/],
      ] as const;
      for (const [id, reason] of reasons) {
        const { code, output } = await publish(check, ["-i", id, "-t", "a", "-m", "b"]);
        assert.match(output, reason);
        assert.equal(code, Number(id));
      }
    },
  },
  "mqtt-no-connack": waits("CONNECT"),
  "mqtt-close-after-connack": {
    by: ["mosquitto_sub"],
    check: async (check) => {
      const { output } = await subscribe(check, ["-t", "a", "-W", "2", "-d"]);
      assert.match(output, /received CONNACK \(0\)/);
      assert.ok((output.match(/sending CONNECT/g) ?? []).length >= 2, "it comes again");
    },
  },
  "mqtt-malformed": refusedByClient(/protocol/i),
  "mqtt-reserved-type": refusedByClient(/protocol/i),
  "mqtt-no-puback": waits("PUBLISH a"),
  "mqtt-wrong-puback": raw("320600016100017a", "40028001"),
  "mqtt-drop-after-publish": {
    by: ["mosquitto_pub"],
    check: async (check) => {
      const { output, code } = await publish(check, ["-q", "1", "-t", "a", "-m", "b", "-d"]);
      assert.match(output, /received CONNACK \(0\)[^]*sending PUBLISH/);
      assert.doesNotMatch(output, /received PUBACK/);
      assert.match(output, /connection was lost/);
      assert.notEqual(code, 0);
    },
  },
  "mqtt-suback-failure": {
    by: ["mosquitto_sub"],
    check: async (check) => {
      const { output } = await subscribe(check, ["-t", "a", "-W", "5"]);
      assert.match(output, /All subscription requests were denied/);
    },
  },
  "mqtt-duplicate": {
    by: ["mosquitto_sub"],
    check: async (check) => {
      const { stdout } = await subscribe(check, ["-q", "1", "-t", "a", "-W", "5", "-C", "2"]);
      assert.equal(stdout, "once\nonce\n");
    },
  },
  "mqtt-bad-topic": {
    by: ["mosquitto_sub"],
    check: async (check) => {
      // mosquitto takes it as it comes.
      const { stdout } = await subscribe(check, ["-t", "a", "-v", "-C", "1", "-W", "5"]);
      assert.equal(stdout, "wild/# never\n");
    },
  },
  // A ping, and then a message: what comes back is the acknowledgement of that alone.
  "mqtt-no-pingresp": raw("c000320600016100017a", "40020001"),
});

/** Sends CONNECT, waits for CONNACK, sends the rest, and prints what comes back. */
const script = `
import socket, sys
client = socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)
client.sendall(bytes.fromhex("100c00044d5154540402003c0000"))
print(client.recv(4).hex())
client.sendall(bytes.fromhex(sys.argv[3]))
print(client.recv(100).hex())
`;

function raw(bytes: string, answer: string): OutsideCheck {
  return {
    by: ["python3"],
    check: async ({ run, service: { host, port } }) => {
      const { stdout, stderr } = await run("python3", ["-c", script, host, `${port}`, bytes]);
      assert.equal(stderr, "");
      assert.equal(stdout, `20020000\n${answer}\n`);
    },
  };
}

function target({ service: { host, port } }: ServiceCheck, arguments_: readonly string[]): readonly string[] {
  return [...(arguments_.includes("-h") ? [] : ["-h", host]), "-p", `${port}`, ...arguments_];
}

function publish(check: ServiceCheck, arguments_: readonly string[], timeoutMilliseconds = 10_000): Promise<Outcome> {
  return check.run("mosquitto_pub", target(check, arguments_), { timeoutMilliseconds });
}

function subscribe(check: ServiceCheck, arguments_: readonly string[]): Promise<Outcome> {
  return check.run("mosquitto_sub", target(check, arguments_), { timeoutMilliseconds: 10_000 });
}

/** A retained message, at each quality. */
async function carries(check: ServiceCheck, arguments_: readonly string[]): Promise<void> {
  for (const quality of ["0", "1", "2"]) {
    const topic = `${check.service.name}/kept/${quality}`;
    const sent = await publish(check, [...arguments_, "-q", quality, "-r", "-t", topic, "-m", `hello ${quality}`]);
    assert.equal(sent.code, 0, sent.output);
    const { stdout } = await subscribe(check, [...arguments_, "-q", quality, "-t", topic, "-C", "1", "-W", "8"]);
    assert.equal(stdout, `hello ${quality}\n`);
  }
}

async function keepsSessions(check: ServiceCheck): Promise<void> {
  const session = ["-i", "kept-session", "-c", "-q", "1", "-t", "later"];
  await subscribe(check, [...session, "-W", "1"]);
  await publish(check, ["-q", "1", "-t", "later", "-m", "while you were away"]);
  assert.equal((await subscribe(check, [...session, "-C", "1", "-W", "8"])).stdout, "while you were away\n");
}

/** A client that waits for an answer until it is ended, after the server has heard this. */
function waits(heard: string): OutsideCheck {
  return {
    by: ["mosquitto_pub"],
    check: async (check) => {
      const { output, code } = await publish(check, ["-q", "1", "-t", "a", "-m", "b"], 1000);
      assert.equal(code, null, `it waits until it is ended: ${output}`);
      const { network, service } = check;
      const lines = network.traffic.filter((event) => event.type === "said" && event.service === service.name);
      assert.ok(lines.some((event) => event.type === "said" && event.line === heard));
    },
  };
}

function refusedByClient(reason: RegExp): OutsideCheck {
  return {
    by: ["mosquitto_pub"],
    check: async (check) => {
      const { output, code } = await publish(check, ["-t", "a", "-m", "b"], 5000);
      assert.match(output, reason);
      assert.notEqual(code, 0);
    },
  };
}
