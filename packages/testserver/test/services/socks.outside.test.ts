import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { socksServices } from "../../src/services/socks/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../describe-services.ts";
import { comesInPieces, comesWhole } from "./pieces.ts";
import { arrives, outcome, stalls, through, urlOf } from "./through-proxy.ts";

const user = ["--proxy-user", "user:secret"] as const;

describeServices(socksServices, {
  socks5: {
    by: ["curl"],
    check: async (check) => {
      const { service, network } = check;
      assert.match((await through(check, urlOf(check, "https"))).stdout, /fairlead test network/);
      const byAddress = await check.curl("--socks5", `${service.host}:${service.port}`, `${network.http.origin}/json`);
      assert.match(byAddress.stdout, /fairlead test network/);
      // 2: its rules do not allow it. 5: refused.
      assert.match((await through(check, "http://example.com/")).output, /example\.com\. \(2\)/);
      assert.match((await through(check, "http://localhost:1/")).output, /localhost\. \(5\)/);
      await relaysDatagrams(service, network.service("dns").port);
    },
  },
  "socks5-password": {
    by: ["curl"],
    check: async (check) => {
      assert.match((await through(check, urlOf(check, "https"), ...user)).stdout, /fairlead test network/);
      const wrong = await through(check, urlOf(check, "https"), "--proxy-user", "user:wrong");
      assert.match(wrong.output, /User was rejected by the SOCKS5 server/);
      assert.match((await through(check, urlOf(check, "https"))).output, /No authentication method was acceptable/);
    },
  },
  socks4: {
    by: ["curl"],
    check: async (check) => {
      const { service, network } = check;
      assert.match((await through(check, urlOf(check, "https"))).stdout, /fairlead test network/);
      const byAddress = await check.curl(
        "--socks4",
        `${service.host}:${service.port}`,
        `http://127.0.0.1:${network.http.port}/json`,
      );
      assert.match(byAddress.stdout, /fairlead test network/);
      assert.match((await through(check, "http://example.com/")).output, /\(91\)/);
    },
  },
  "socks4-no-names": {
    by: ["curl"],
    check: async (check) => {
      const { service, network } = check;
      assert.match((await through(check, urlOf(check, "https"))).output, /\(91\)/);
      const byAddress = await check.curl(
        "--socks4",
        `${service.host}:${service.port}`,
        `http://127.0.0.1:${network.http.port}/json`,
      );
      assert.equal(byAddress.code, 0);
    },
  },
  "socks5-no-method": outcome(97, /No authentication method was acceptable/),
  // What curl misses first depends on how the machine knows Kerberos.
  "socks5-other-method": outcome(97, /GSS-?API/),
  "socks5-version-4": outcome(97, /invalid version in initial SOCKS5 response/),
  "socks5-http": outcome(97, /invalid version in initial SOCKS5 response/),
  "socks5-wrong-password": outcome(97, /User was rejected by the SOCKS5 server \(1 1\)/, ...user),
  // curl looks at the status alone, and goes on until the connection is closed.
  "socks5-login-version": says("\x05\x01\x02\x01\x04user\x06secret", "\x05\x02\x09\x00"),
  "socks5-reply-1": outcome(97, /\(1\)/),
  "socks5-reply-2": outcome(97, /\(2\)/),
  "socks5-reply-3": outcome(97, /\(3\)/),
  "socks5-reply-4": outcome(97, /\(4\)/),
  "socks5-reply-5": outcome(97, /\(5\)/),
  "socks5-reply-6": outcome(97, /\(6\)/),
  "socks5-reply-7": outcome(97, /\(7\)/),
  "socks5-reply-8": outcome(97, /\(8\)/),
  "socks5-reply-99": outcome(97, /\(99\)/),
  "socks5-reply-version": outcome(97, /SOCKS5 reply has wrong version/),
  "socks5-address-type": outcome(97, /SOCKS5 reply has wrong address type/),
  "socks5-bound-name": alsoReplies(/^\x05\x00\x05\x00\x00\x03\xff[^]{257}220 /),
  "socks5-bound-ipv6": alsoReplies(/^\x05\x00\x05\x00\x00\x04[^]{18}220 /),
  "socks5-coalesced": {
    by: ["python3"],
    check: async (check) => {
      const heard = await comesWhole(check, [
        [Buffer.of(5, 1, 0), 2],
        [requestForEcho(check), 14],
      ]);
      assert.match(heard.toString("latin1"), /^\x05\x00\x05\x00\x00\x01\x00{6}220 /);
    },
  },
  "socks5-wrong-target": outcome(60, /no alternative certificate subject name matches/),
  "socks5-drip": {
    by: ["curl", "python3"],
    check: async (check) => {
      await arrives().check(check);
      const heard = await comesInPieces(check, [
        [Buffer.of(5, 1, 0), 2],
        [requestForEcho(check), 10],
      ]);
      assert.deepEqual([...heard.subarray(0, 5)], [5, 0, 5, 0, 0]);
    },
  },
  "socks5-stall-greeting": stalls(/Connected to|SOCKS5/),
  "socks5-stall-login": stalls(/Connected to|SOCKS5/, ...user),
  "socks5-stall-reply": stalls(/SOCKS5 connect to a\.fairlead\.test/),
  "socks5-stall-in-reply": stalls(/SOCKS5 connect to a\.fairlead\.test/),
  "socks5-stall-tunnel": stalls(/SOCKS5 request granted/),
  "socks5-cut-greeting": outcome(97, /connection to proxy closed/),
  "socks5-cut-reply": outcome(97, /connection to proxy closed/),
  "socks5-cut-tunnel": outcome(35, /SOCKS5 request granted[\s\S]*SSL_ERROR_SYSCALL/, "-v"),
  "socks5-reset": outcome(97, /Connection reset by peer/),
  "socks4-reply-91": outcome(97, /\(91\)/),
  "socks4-reply-92": outcome(97, /\(92\)/),
  "socks4-reply-93": outcome(97, /\(93\)/),
  "socks4-reply-version": outcome(97, /SOCKS4 reply has wrong version/),
  "socks4-cut-reply": outcome(97, /connection to proxy closed/),
});

/** That curl gets through too. */
function alsoReplies(expected: RegExp): OutsideCheck {
  return {
    by: ["curl"],
    check: async (check) => {
      await arrives().check(check);
      await replies(expected).check(check);
    },
  };
}

/** CONNECT to `tcp-echo` by its address. */
function requestForEcho({ network }: ServiceCheck): Buffer {
  const { port } = network.service("tcp-echo");
  return Buffer.of(5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 0xff);
}

/** That a tunnel is opened by way of which `tcp-echo` greets, and every byte that comes before. */
function replies(expected: RegExp): OutsideCheck {
  return {
    by: [],
    check: async (check) => {
      const socket = connect(check.service.port, check.service.host);
      socket.end(Buffer.concat([Buffer.of(5, 1, 0), requestForEcho(check)]));
      socket.setEncoding("latin1");
      assert.match(await text(socket), expected);
    },
  };
}

/** What comes back for these bytes, as they come on a socket. */
function says(sent: string, expected: string) {
  return {
    by: [],
    check: async ({ service }: { readonly service: { readonly host: string; readonly port: number } }) => {
      const socket = connect(service.port, service.host);
      socket.end(sent, "latin1");
      socket.setEncoding("latin1");
      assert.equal(await text(socket), expected);
    },
  };
}

/** Asks the network's name server by way of UDP ASSOCIATE. RFC 1928 section 7. */
async function relaysDatagrams(
  { host, port }: { readonly host: string; readonly port: number },
  dnsPort: number,
): Promise<void> {
  const control = connect(port, host);
  control.write(Buffer.from("\x05\x01\x00\x05\x03\x00\x01\x00\x00\x00\x00\x00\x00", "latin1"));
  let answer: Buffer = Buffer.alloc(0);
  while (answer.length < 12) {
    const [bytes] = (await once(control, "data")) as [Buffer];
    answer = Buffer.concat([answer, bytes]);
  }
  assert.deepEqual([...answer.subarray(0, 6)], [5, 0, 5, 0, 0, 1]);
  const relay = answer.readUInt16BE(10);
  const socket = createSocket("udp4");
  const query = Buffer.from(
    "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x04good\x05names\x04test\x00\x00\x01\x00\x01",
    "latin1",
  );
  const to = (address: string): Buffer => {
    const head = Buffer.concat([Buffer.from("\0\0\0\x03", "latin1"), Buffer.of(address.length), Buffer.from(address)]);
    return Buffer.concat([head, Buffer.of(dnsPort >> 8, dnsPort & 0xff), query]);
  };
  // To the outside nothing is sent, and the next arrives all the same.
  socket.send(to("192.0.2.1"), relay, host);
  socket.send(to("dns.fairlead.test"), relay, host);
  const [reply] = (await once(socket, "message")) as [Buffer];
  socket.close();
  assert.deepEqual([...reply.subarray(0, 10)], [0, 0, 0, 1, 127, 0, 0, 1, dnsPort >> 8, dnsPort & 0xff]);
  assert.deepEqual([...reply.subarray(10, 12), ...reply.subarray(-4)], [0x12, 0x34, 127, 0, 0, 1]);
  control.destroy();
}
