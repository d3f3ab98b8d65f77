import assert from "node:assert/strict";
import { udpServices } from "../../../src/services/devices/udp/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../../describe-services.ts";

/** Sends datagrams and prints what comes back, with `here` or `elsewhere` for the port that it comes from. */
const script = `
import socket, sys, time
host, port, wanted, *texts = sys.argv[1:]
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
begun = time.monotonic()
for text in texts: client.sendto(text.encode(), (host, int(port)))
client.settimeout(5 if int(wanted) else 0.3)
try:
    for _ in range(int(wanted) or 1):
        bytes, source = client.recvfrom(65535)
        print("here" if source[1] == int(port) else "elsewhere", bytes.decode().strip(), int(time.monotonic() - begun))
        client.settimeout(0.3 if _ + 1 >= int(wanted) else 5)
    print(client.recvfrom(65535)[0].decode(), "too many")
except TimeoutError: pass
`;

describeServices(udpServices, {
  "udp-echo": told(["hello"], ["here hello 0"]),
  "udp-silent": told(["hello"], []),
  "udp-twice": told(["hello"], ["here hello 0", "here hello 0"]),
  "udp-cut": told(["hello!"], ["here hel 0"]),
  "udp-corrupt": told(["hello"], ["here helln 0"]),
  "udp-swapped": told(["one", "two"], ["here two 0", "here one 0"]),
  "udp-slow": told(["hello"], ["here hello 1"]),
  "udp-wrong-source": told(["hello"], ["elsewhere hello 0"]),
  "udp-stranger-first": {
    by: ["python3"],
    check: async (check) => {
      assert.deepEqual(await talk(check, 2, ["hello"]), ["elsewhere a stranger's answer 0", "here hello 0"]);
    },
  },
});

function told(texts: readonly string[], answers: readonly string[]): OutsideCheck {
  return {
    by: ["python3"],
    check: async (check) => {
      assert.deepEqual(await talk(check, answers.length, texts), answers);
    },
  };
}

async function talk({ run, service }: ServiceCheck, wanted: number, texts: readonly string[]): Promise<string[]> {
  const { host, port } = service;
  const { stdout, stderr } = await run("python3", ["-c", script, host, `${port}`, `${wanted}`, ...texts]);
  assert.equal(stderr, "");
  return stdout.split("\n").filter((line) => line !== "");
}
