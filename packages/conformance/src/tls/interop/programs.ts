import type { TlsVersion } from "@fairlead/tls";
import { goodHost } from "../certificates.ts";
import type { PeerFiles } from "./peer-files.ts";
import { listeningPort, startPeer, type PeerProgram } from "../../peers/peer-program.ts";

/** A TLS library's own command line programs. */
export interface PeerPrograms {
  readonly name: string;
  /** Starts a server for the good identity that knows the ALPN protocol `a`. */
  serve(files: PeerFiles, version: TlsVersion): Promise<ServingPeer>;
  /**
   * Starts a client that verifies, offers the ALPN protocols `b` and `a`, sends what is typed, and closes when its input
   * ends.
   */
  connect(files: PeerFiles, version: TlsVersion, port: number): Promise<PeerProgram>;
  /**
   * Starts a client that resumes the session of an earlier connection, and says so. That connection is made too; the
   * server may say something only when it was asked, or gnutls-cli waits for its ticket beside it for ever.
   */
  resume(files: PeerFiles, version: TlsVersion, port: number): Promise<PeerProgram>;
  /** What is typed into a client to have it renegotiate (TLS 1.2), or have both sides change their keys (TLS 1.3). */
  readonly commands: { readonly renegotiate: string; readonly updateKeys: string };
  /** What a client prints about a peer that it verified, a chosen protocol, a resumed session. */
  readonly prints: { readonly verified: RegExp; readonly alpn: RegExp; readonly resumed: RegExp };
}

/** A server that runs, and how it answers. */
export interface ServingPeer extends AsyncDisposable {
  readonly program: PeerProgram;
  readonly port: number;
  /** Has it send a line when it has received one; gnutls-serv sends the same line back. */
  answer(received: string): Promise<string>;
  /** Has it ask for a renegotiation (TLS 1.2); gnutls-serv does when the client sends the line that this returns. */
  renegotiate(): string;
}

const openssl: PeerPrograms = {
  name: "openssl",
  async serve(files, version) {
    const program = await startPeer("openssl", [
      ...["s_server", "-accept", "127.0.0.1:0", opensslVersions[version], "-alpn", "a", "-no_ign_eof"],
      ...["-cert", files.certificate, "-cert_chain", files.intermediates, "-key", files.privateKey],
    ]);
    const [, port] = await program.says(/ACCEPT 127\.0\.0\.1:(\d+)/);
    return {
      program,
      port: Number(port),
      async answer(received) {
        await program.says(new RegExp(`^${received}$`, "m"));
        const line = `answer to ${received}`;
        program.type(`${line}\n`);
        return line;
      },
      renegotiate() {
        program.type("r\n");
        return "";
      },
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  },
  connect: (files, version, port) => startPeer("openssl", opensslClient(files, version, port)),
  resume: async (files, version, port) => {
    const first = await startPeer("openssl", [...opensslClient(files, version, port), "-sess_out", files.session]);
    // Tickets of TLS 1.3 come with what the server says first.
    first.type("hello\n");
    await first.says(/^greeting$/m);
    first.endInput();
    await first.ended();
    return startPeer("openssl", [...opensslClient(files, version, port), "-sess_in", files.session]);
  },
  commands: { renegotiate: "R\n", updateKeys: "K\n" },
  prints: { verified: /Verified peername: good\.test/, alpn: /ALPN protocol: a$/m, resumed: /^Reused, TLSv1/m },
};

const gnutls: PeerPrograms = {
  name: "gnutls",
  async serve(files, version) {
    const program = await startPeer("gnutls-serv", [
      ...["--echo", "--port", "0", "--disable-client-cert", "--alpn", "a", "--priority", gnutlsVersions[version]],
      ...["--x509certfile", files.certificate, "--x509keyfile", files.privateKey],
    ]);
    return {
      program,
      port: await listeningPort(program),
      answer: async (received) => received,
      renegotiate: () => "**REHANDSHAKE**\n",
      [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
    };
  },
  connect: (files, version, port) => startPeer("gnutls-cli", gnutlsClient(files, version, port)),
  resume: (files, version, port) =>
    startPeer("gnutls-cli", ["--resume", "--waitresumption", ...gnutlsClient(files, version, port)]),
  commands: { renegotiate: "^renegotiate^\n", updateKeys: "^rekey1^\n" },
  prints: {
    verified: /Status: The certificate is trusted/,
    alpn: /Application protocol: a$/m,
    resumed: /This is a resumed session/,
  },
};

/** What the backends are tried against. */
export const peerPrograms: readonly PeerPrograms[] = [openssl, gnutls];

function opensslClient(files: PeerFiles, version: TlsVersion, port: number): readonly string[] {
  return [
    ...["s_client", "-connect", `127.0.0.1:${String(port)}`, opensslVersions[version], "-alpn", "b,a"],
    ...["-servername", goodHost, "-CAfile", files.anchor, "-verify_return_error", "-verify_hostname", goodHost],
  ];
}

function gnutlsClient(files: PeerFiles, version: TlsVersion, port: number): readonly string[] {
  return [
    ...[
      "--inline-commands",
      "--port",
      String(port),
      "--priority",
      gnutlsVersions[version],
      "--alpn",
      "b",
      "--alpn",
      "a",
    ],
    ...["--sni-hostname", goodHost, "--verify-hostname", goodHost, "--x509cafile", files.anchor, "127.0.0.1"],
  ];
}

const opensslVersions = { "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3" } as const;
const gnutlsVersions = {
  "TLSv1.2": "NORMAL:-VERS-ALL:+VERS-TLS1.2",
  "TLSv1.3": "NORMAL:-VERS-ALL:+VERS-TLS1.3",
} as const;
