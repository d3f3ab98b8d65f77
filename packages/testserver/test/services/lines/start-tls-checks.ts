import assert from "node:assert/strict";
import type { OutsideCheck, ServiceCheck } from "../../describe-services.ts";
import type { Outcome } from "../../outside.ts";

/** How a protocol is tried by curl and python3. */
export interface StartTlsTrial<Protocol extends string> {
  readonly protocol: Protocol;
  /** What follows the greeting, in the clear, and asks for TLS. */
  readonly command: string;
  /** A command behind it, in the clear, and what it is answered by over TLS. */
  readonly early: string;
  readonly earlyAnswer: RegExp;
  /** Does something by curl with further options. */
  readonly use: (check: ServiceCheck, ...options: readonly string[]) => Promise<Outcome>;
  /** What curl says of a server that knows of no TLS, and of one that refuses it. */
  readonly absent: RegExp;
  readonly refused: RegExp;
  /** The answer that lets a client go ahead. */
  readonly goAhead: RegExp;
}

type Suffix = "absent" | "refused" | "stripped" | "injection" | "keeps-early" | "plain" | "stall" | "wrong-host";

/** Checks by clients that are not ours, for the services that go wrong at STARTTLS. */
export function startTlsChecks<const Protocol extends string>(
  trial: StartTlsTrial<Protocol>,
): Readonly<Record<`${Protocol}-starttls-${Suffix}`, OutsideCheck>> {
  const { protocol, use } = trial;
  const curlFails = (code: number, words: RegExp, ...options: readonly string[]): OutsideCheck => ({
    by: ["curl"],
    check: async (check) => {
      const outcome = await use(check, "--ssl-reqd", ...options);
      assert.match(outcome.stderr, words);
      assert.equal(outcome.code, code);
    },
  });
  const checks: Record<Suffix, OutsideCheck> = {
    absent: curlFails(64, trial.absent),
    refused: curlFails(64, trial.refused),
    stripped: {
      by: ["curl"],
      check: async (check) => {
        const { code, stderr } = await use(check, "--ssl-reqd", "--verbose");
        assert.match(stderr, trial.absent);
        assert.equal(code, 64);
        // A client that would merely like to has its mail in the clear.
        assert.equal((await use(check, "--ssl")).code, 0);
      },
    },
    injection: curlFails(8, /Weird server reply/),
    "keeps-early": { by: ["python3"], check: (check) => pipeline(check, trial) },
    plain: curlFails(35, /wrong version number/),
    stall: {
      by: ["curl", "python3"],
      check: async (check) => {
        assert.equal((await use(check, "--ssl-reqd", "--max-time", "0.5")).code, 28);
        await staysSilent(check, trial);
      },
    },
    "wrong-host": {
      by: ["openssl"],
      check: async ({ sClient }) => {
        const { output } = await sClient(["-starttls", protocol]);
        assert.match(output, /verify error:num=62:hostname mismatch/i);
      },
    },
  };
  // The names are made of the same parts as those of the services.
  return Object.fromEntries(
    Object.entries(checks).map(([suffix, check]) => [`${protocol}-starttls-${suffix}`, check]),
  ) as Record<`${Protocol}-starttls-${Suffix}`, OutsideCheck>;
}

/** Sends a command in the clear behind the request for TLS, and prints what comes first over TLS. */
async function pipeline({ run, network, service, caFile }: ServiceCheck, trial: StartTlsTrial<string>): Promise<void> {
  const script = `
import socket, ssl, sys
port, ca, command, early = sys.argv[1:]
plain = socket.create_connection(("127.0.0.1", int(port)))
plain.recv(1000)
plain.sendall((command + "\\r\\n" + early + "\\r\\n").encode())
plain.recv(1000)
secure = ssl.create_default_context(cafile=ca).wrap_socket(plain, server_hostname="localhost")
secure.settimeout(10)
secure.sendall(b"A9 LOGOUT\\r\\n" if command.startswith("A1") else b"QUIT\\r\\n")
print(secure.recv(1000).decode())
`;
  const ask = (port: number): Promise<Outcome> =>
    run("python3", ["-c", script, String(port), caFile, trial.command, trial.early]);
  const vulnerable = await ask(service.port);
  assert.match(vulnerable.stdout, trial.earlyAnswer, vulnerable.stderr);
  // The service without the fault has dropped it: what comes first is its farewell.
  const right = network.services.find(({ name }) => name === trial.protocol);
  const { stdout, stderr } = await ask(right?.port ?? 0);
  assert.match(stdout, /^(?:221|\+OK good bye|\* BYE)/, stderr);
}

/** Goes ahead, and sends the beginning of a handshake; nothing comes, not even an end, for half a second. */
async function staysSilent({ run, service, caFile }: ServiceCheck, trial: StartTlsTrial<string>): Promise<void> {
  const script = `
import socket, ssl, sys
port, ca, command = sys.argv[1:]
plain = socket.create_connection(("127.0.0.1", int(port)))
plain.recv(1000)
plain.sendall((command + "\\r\\n").encode())
print(plain.recv(1000).decode(), end="")
incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
secure = ssl.create_default_context(cafile=ca).wrap_bio(incoming, outgoing, server_hostname="localhost")
try: secure.do_handshake()
except ssl.SSLWantReadError: plain.sendall(outgoing.read())
plain.settimeout(0.5)
try: print("heard", plain.recv(1000))
except TimeoutError: print("silence")
`;
  const { stdout, stderr } = await run("python3", ["-c", script, String(service.port), caFile, trial.command]);
  const [goAhead = "", ...rest] = stdout.trim().split(/\r?\n/);
  assert.match(goAhead, trial.goAhead, stderr);
  assert.deepEqual(rest, ["silence"], stderr);
}
