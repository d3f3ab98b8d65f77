import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { startPeer, type PeerProgram } from "./peer-program.ts";
import { unusedPort } from "./unused-port.ts";

/** Types of keys that `ssh-keygen` makes. */
export type SshKeyType = "ed25519" | "rsa" | "ecdsa";

/** How a server is set up. */
export interface OpensshOptions {
  /** Of the host; ed25519 by default. */
  readonly hostKeys?: readonly SshKeyType[];
  /** Lines of its configuration that are added. */
  readonly lines?: readonly string[];
}

/** A server of OpenSSH that knows the user of this process by keys, with a folder of its own. */
export interface Openssh extends AsyncDisposable {
  readonly port: number;
  readonly username: string;
  /** It goes with the server. */
  readonly folder: string;
  /** Where files are put and read. */
  readonly files: string;
  /** Everything that it has logged. */
  readonly log: string;
  /** Public keys of the host, as lines of a file that begins with a type. */
  hostKey(type?: SshKeyType): Promise<string>;
  /** The name under which a known-hosts file has it. */
  readonly name: string;
  /** Writes a known-hosts file with its keys, and returns its path. */
  knownHosts(): Promise<string>;
  /** Makes a key that the server lets in, and returns its path. @param passphrase empty for none. */
  userKey(type?: SshKeyType, passphrase?: string): Promise<string>;
  /** Ends it, with all its connections, and starts it again. */
  restart(): Promise<void>;
  url(path: string): URL;
}

/** Makes a key pair with `ssh-keygen`. @param passphrase empty for none. */
export async function makeSshKey(file: string, type: SshKeyType, passphrase = ""): Promise<void> {
  const size = type === "rsa" ? ["-b", "2048"] : [];
  await runPeer("ssh-keygen", ["-q", "-t", type, ...size, "-N", passphrase, "-C", "test", "-f", file]);
}

/** Runs a program to its end, and returns what it printed. */
export async function runPeer(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  await using program = await startPeer(command, args, environment);
  program.endInput();
  if ((await program.ended()) !== 0) throw new Error(`${command} failed:\n${program.output}`);
  return program.output;
}

/** Starts a server. */
export async function startOpenssh({ hostKeys = ["ed25519"], lines = [] }: OpensshOptions = {}): Promise<Openssh> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-sshd-"));
  const at = (name: string): string => join(folder, name);
  const files = at("files");
  await mkdir(files);
  const port = await unusedPort();
  const { uid, username } = userInfo();
  // Where it leaves its privileges behind; Debian makes it when the system starts, which a container does not.
  if (uid === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  for (const type of hostKeys) await makeSshKey(at(`host_${type}`), type);
  await writeFile(at("authorized_keys"), "", { mode: 0o600 });
  await writeFile(
    at("sshd_config"),
    [
      `ListenAddress 127.0.0.1:${String(port)}`,
      ...hostKeys.map((type) => `HostKey ${at(`host_${type}`)}`),
      `AuthorizedKeysFile ${at("authorized_keys")}`,
      "PidFile none",
      "StrictModes no",
      "UsePAM no",
      "PermitRootLogin yes",
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "Subsystem sftp internal-sftp",
      ...lines,
      "",
    ].join("\n"),
  );
  let server = await startServer(at("sshd_config"));
  let keys = 0;
  const name = `[127.0.0.1]:${String(port)}`;
  const hostKey = async (type: SshKeyType = hostKeys[0] ?? "ed25519"): Promise<string> =>
    (await readFile(at(`host_${type}.pub`), "utf8")).trim();
  return {
    port,
    username,
    folder,
    files,
    name,
    get log() {
      return server.output;
    },
    hostKey,
    knownHosts: async () => {
      const known = await Promise.all(hostKeys.map(async (type) => `${name} ${await hostKey(type)}\n`));
      await writeFile(at("known_hosts"), known.join(""));
      return at("known_hosts");
    },
    userKey: async (type = "ed25519", passphrase = "") => {
      keys += 1;
      const file = at(`user_${String(keys)}_${type}`);
      await makeSshKey(file, type, passphrase);
      await writeFile(at("authorized_keys"), await readFile(`${file}.pub`), { flag: "a" });
      return file;
    },
    restart: async () => {
      await endServer(server);
      server = await startServer(at("sshd_config"));
    },
    url: (path) => new URL(`sftp://${username}@127.0.0.1:${String(port)}${path}`),
    [Symbol.asyncDispose]: async () => {
      await endServer(server);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startServer(configuration: string): Promise<PeerProgram> {
  const server = await startPeer("/usr/sbin/sshd", ["-D", "-e", "-f", configuration]);
  await server.says(/Server listening on/);
  return server;
}

/** Those of its children that serve a connection outlive it. */
async function endServer(server: PeerProgram): Promise<void> {
  const children = await readFile(`/proc/${String(server.pid)}/task/${String(server.pid)}/children`, "utf8");
  for (const pid of children.split(" ").filter((text) => text !== "")) kill(Number(pid));
  await server[Symbol.asyncDispose]();
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
