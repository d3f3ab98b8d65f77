import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { databaseServices } from "../../src/services/databases/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../describe-services.ts";
import type { Outcome } from "../outside.ts";

function psql(
  { run, service, caFile }: ServiceCheck,
  query: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const facts = {
    host: "localhost",
    port: String(service.port),
    user: "user",
    password: "pass",
    sslmode: "verify-full",
  };
  const all = { ...facts, sslrootcert: caFile, connect_timeout: "5", ...settings };
  const connection = Object.entries(all).map(([name, value]) => `${name}=${value}`);
  return run("psql", [connection.join(" "), "--no-psqlrc", "--tuples-only", "--no-align", "--command", query]);
}

function fails(words: RegExp, settings?: Readonly<Record<string, string>>): OutsideCheck {
  return {
    by: ["psql"],
    check: async (check) => {
      const { code, stderr } = await psql(check, "select 1", settings);
      assert.match(stderr, words);
      assert.equal(code, 2);
    },
  };
}

/** That psql gets an answer with some settings, and that it fails with others. */
function needs(
  right: Readonly<Record<string, string>>,
  wrong: Readonly<Record<string, string>>,
  words: RegExp,
): OutsideCheck {
  return {
    by: ["psql"],
    check: async (check) => {
      const { stdout, stderr } = await psql(check, "select 1", right);
      assert.equal(stdout, "1\n", stderr);
      const refused = await psql(check, "select 1", wrong);
      assert.match(refused.stderr, words);
      assert.equal(refused.code, 2);
    },
  };
}

/** The same, and by which method it asks for the password: 3 in clear text, 5 by MD5. */
function asks(method: number, { by, check }: OutsideCheck): OutsideCheck {
  return {
    by,
    check: async (tools) => {
      await check(tools);
      const { host, port } = tools.service;
      const socket = connect({ host, port });
      const parameters = Buffer.from("user\0user\0\0");
      const head = Buffer.alloc(8);
      head.writeUInt32BE(head.length + parameters.length);
      head.writeUInt32BE(0x3_0000, 4);
      socket.write(Buffer.concat([head, parameters]));
      const [answer] = (await once(socket, "data")) as [Buffer];
      socket.destroy();
      assert.deepEqual([answer.toString("latin1", 0, 1), answer.readUInt32BE(5)], ["R", method]);
    },
  };
}

const inTheClear = { sslmode: "disable" };

describeServices(databaseServices, {
  postgres: {
    by: ["psql"],
    check: async (check) => {
      const { network } = check;
      for (const settings of [
        {},
        { channel_binding: "require" },
        inTheClear,
        { sslmode: "prefer", channel_binding: "disable" },
      ]) {
        const { stdout, stderr } = await psql(check, "select 42;", settings);
        assert.equal(stdout, "42\n", stderr);
      }
      assert.equal((await psql(check, "show ssl")).stdout, "on\n");
      assert.equal((await psql(check, "show server_version")).stdout, "17.0 (Fairlead test server)\n");
      assert.equal((await psql(check, "select generate_series(1, 1000)")).stdout.trim().split("\n").length, 1000);
      assert.match((await psql(check, "drop table users")).stderr, /ERROR: {2}this test server knows SELECT 1/);
      // In the clear, since psql's own clock says which certificates are valid.
      network.clock.set(Date.UTC(2040, 0, 1));
      const { stdout: time } = await psql(check, "select now()", inTheClear);
      network.clock.advance(-network.clock.offsetMilliseconds);
      assert.match(time, /^2040-01-01 00:00:/);
      for (const wrong of [{ password: "no" }, { user: "nobody" }]) {
        assert.match((await psql(check, "select 1", wrong)).stderr, /FATAL: {2}password authentication failed/);
      }
      assert.doesNotMatch((await psql(check, "select 1", { sslrootcert: "/dev/null" })).stdout, /1/);
    },
  },
  "postgres-direct-tls": {
    by: ["openssl", "python3"],
    check: async (check) => {
      const { output } = await check.sClient(["-alpn", "postgresql"]);
      assert.match(output, /ALPN protocol: postgresql/);
      assert.match(output, /Verify return code: 0 \(ok\)/);
      const script = `
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[2])
secure = context.wrap_socket(socket.create_connection(("localhost", int(sys.argv[1]))), server_hostname="localhost")
secure.sendall(b"\\0\\0\\0\\x13\\0\\3\\0\\0user\\0user\\0\\0")
print(secure.recv(100))
`;
      const { stdout, stderr } = await check.run("python3", ["-c", script, String(check.service.port), check.caFile]);
      assert.match(stdout, /^b'R.*SCRAM-SHA-256-PLUS/, stderr);
      // psql 15 asks first.
      assert.match((await psql(check, "select 1")).stderr, /server does not support SSL/);
    },
  },
  "postgres-no-tls": needs({ sslmode: "prefer" }, {}, /server does not support SSL, but SSL was required/),
  "postgres-tls-error": fails(/an error of whoever is in between|server sent an error response during SSL exchange/),
  "postgres-tls-injection": fails(/received unencrypted data after SSL response/),
  "postgres-tls-keeps-early": {
    by: ["python3"],
    check: async ({ run, service, caFile }) => {
      const script = `
import socket, ssl, sys
plain = socket.create_connection(("localhost", int(sys.argv[1])))
plain.sendall(b"\\0\\0\\0\\x08\\x04\\xd2\\x16\\x2f" + b"\\0\\0\\0\\x17\\0\\3\\0\\0user\\0attacker\\0\\0")
print(plain.recv(1))
secure = ssl.create_default_context(cafile=sys.argv[2]).wrap_socket(plain, server_hostname="localhost")
secure.settimeout(10)
print(secure.recv(100))
`;
      const { stdout, stderr } = await run("python3", ["-c", script, String(service.port), caFile]);
      assert.match(stdout, /^b'S'\nb'R.*SCRAM/, stderr);
    },
  },
  "postgres-tls-plain": fails(/SSL SYSCALL error: EOF detected/),
  "postgres-tls-stall": fails(/timeout expired/, { connect_timeout: "2" }),
  "postgres-tls-wrong-host": fails(/server certificate for "elsewhere\.invalid" does not match host name "localhost"/),
  "postgres-trust": {
    by: ["psql"],
    check: async (check) => {
      const { stdout, stderr } = await psql(check, "select current_user", { user: "anybody", password: "" });
      assert.equal(stdout, "anybody\n", stderr);
      assert.match((await psql(check, "select 1", { channel_binding: "require" })).stderr, /channel binding/);
    },
  },
  "postgres-password": asks(3, needs(inTheClear, { ...inTheClear, password: "no" }, /password authentication failed/)),
  "postgres-md5": asks(5, needs({}, { password: "no" }, /password authentication failed/)),
  "postgres-unknown-authentication": fails(/authentication method 99 not supported/),
  "postgres-lying-scram": fails(/incorrect server signature/),
  "postgres-starting": fails(/FATAL: {2}the database system is starting up/),
  "postgres-too-many": fails(/FATAL: {2}sorry, too many clients already/),
  "postgres-shutdown": fails(/terminating connection due to administrator command/),
  "postgres-cut": fails(/server closed the connection unexpectedly/, inTheClear),
  "postgres-huge-message": fails(/got message type "D", length 2147483643/),
});
