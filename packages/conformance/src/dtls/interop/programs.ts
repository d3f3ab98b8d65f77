import { writeFile } from "node:fs/promises";
import { goodHost } from "../../tls/certificates.ts";
import { listeningPort, startPeer, type PeerFiles, type PeerProgram } from "../../tls/interop/index.ts";
import { sharedKey } from "../pairing.ts";

/** Who a side is: by the good certificate, or by the shared key with AES-128-CCM-8. */
export type Credential = "certificate" | "key";

/** A TLS library's own programs, speaking DTLS 1.2. */
export interface DatagramPrograms {
  readonly name: string;
  /** Starts a server that insists on the cookie exchange, where it can, and finds its port. */
  serve(files: PeerFiles, credential: Credential): Promise<{ readonly program: PeerProgram; readonly port: number }>;
  /** Whether the server sends back what it receives; else what is typed into it is sent. */
  readonly echoes: boolean;
  /** Starts a client that verifies, sends what is typed, and closes when its input ends. */
  connect(files: PeerFiles, credential: Credential, port: number): Promise<PeerProgram>;
  /** What the client prints about a peer that it verified, and about the cipher of a shared key. */
  readonly prints: { readonly verified: RegExp; readonly keyed: RegExp };
}

const openssl: DatagramPrograms = {
  name: "openssl",
  echoes: false,
  async serve(files, credential) {
    const program = await startPeer("openssl", [
      ...["s_server", "-dtls1_2", "-listen", "-accept", "127.0.0.1:0", "-no_ign_eof"],
      ...(credential === "key"
        ? ["-nocert", "-psk", keyText, "-psk_identity", identity, "-cipher", opensslCipher]
        : ["-cert", files.certificate, "-cert_chain", files.intermediates, "-key", files.privateKey]),
    ]);
    return { program, port: await listeningPort(program, "udp") };
  },
  connect: (files, credential, port) =>
    startPeer("openssl", [
      ...["s_client", "-dtls1_2", "-connect", `127.0.0.1:${String(port)}`],
      ...(credential === "key"
        ? ["-psk", keyText, "-psk_identity", identity, "-cipher", opensslCipher]
        : [
            ...["-servername", goodHost, "-CAfile", files.anchor],
            ...["-verify_return_error", "-verify_hostname", goodHost],
          ]),
    ]),
  prints: { verified: /Verified peername: good\.test/, keyed: /Cipher is PSK-AES128-CCM8/ },
};

const gnutls: DatagramPrograms = {
  name: "gnutls",
  echoes: true,
  async serve(files, credential) {
    const passwords = `${files.session}.psk`;
    await writeFile(passwords, `${identity}:${keyText}\n`, { mode: 0o600 });
    const program = await startPeer("gnutls-serv", [
      ...["--udp", "--echo", "--port", "0", "--priority", priorities[credential]],
      ...(credential === "key"
        ? ["--pskpasswd", passwords]
        : ["--disable-client-cert", "--x509certfile", files.certificate, "--x509keyfile", files.privateKey]),
    ]);
    return { program, port: await listeningPort(program, "udp") };
  },
  connect: (files, credential, port) =>
    startPeer("gnutls-cli", [
      ...["--udp", "--port", String(port), "--priority", priorities[credential]],
      ...(credential === "key"
        ? ["--pskusername", identity, "--pskkey", keyText]
        : ["--sni-hostname", goodHost, "--verify-hostname", goodHost, "--x509cafile", files.anchor]),
      "127.0.0.1",
    ]),
  prints: { verified: /Status: The certificate is trusted/, keyed: /AES-128-CCM-8/ },
};

/** What backends are tried against. */
export const datagramPrograms: readonly DatagramPrograms[] = [openssl, gnutls];

const { identity } = sharedKey.client.psk;
const keyText = sharedKey.key.toString("hex");
const opensslCipher = "PSK-AES128-CCM8:@SECLEVEL=0";
const priorities = {
  certificate: "NORMAL:-VERS-ALL:+VERS-DTLS1.2",
  key: "NORMAL:-VERS-ALL:+VERS-DTLS1.2:-KX-ALL:+PSK:-CIPHER-ALL:+AES-128-CCM-8",
} as const;
