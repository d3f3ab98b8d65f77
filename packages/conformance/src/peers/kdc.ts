import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPeer } from "./peer-program.ts";
import { unusedPort } from "./unused-port.ts";

/** MIT's Kerberos server for the realm FAIRLEAD.TEST, with a folder of its own. */
export interface Kdc extends AsyncDisposable {
  /** Where everything of it is; it goes with the server. */
  readonly folder: string;
  /** What has clients find it; to be set in their environment, or in this process before its GSS-API is first used. */
  readonly environment: { readonly KRB5_CONFIG: string };
  /** Writes the key of services to a file that a server reads. They exist already. */
  keytab(...principals: readonly string[]): Promise<string>;
  /** Gets a ticket for a user, and returns the name of the cache that it is in. */
  ticketCache(user: string, password: string): Promise<string>;
  /** Everything that it has logged. */
  log(): Promise<string>;
}

/** Who is known to the server. */
export interface KdcPrincipals {
  /** Passwords by name. */
  readonly users: Readonly<Record<string, string>>;
  /** Such as `HTTP/localhost`. */
  readonly services: readonly string[];
}

/** Starts it. */
export async function startKdc({ users, services }: KdcPrincipals): Promise<Kdc> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-kdc-"));
  await chmod(folder, 0o755);
  const port = await unusedPort();
  const at = (name: string): string => join(folder, name);
  await writeFile(at("krb5.conf"), clientConfiguration(port));
  await writeFile(at("kdc.conf"), serverConfiguration(port, at));
  const environment = { KRB5_CONFIG: at("krb5.conf"), KRB5_KDC_PROFILE: at("kdc.conf") };
  const run = async (command: string, args: readonly string[], input?: string): Promise<void> => {
    await using program = await startPeer(command, args, environment);
    if (input !== undefined) program.type(input);
    program.endInput();
    if ((await program.ended()) !== 0) throw new Error(`${command} failed:\n${program.output}`);
  };
  await run("kdb5_util", ["create", "-s", "-r", "FAIRLEAD.TEST", "-P", "master key of a test"]);
  const queries = [
    ...Object.entries(users).map(([name, password]) => `addprinc -pw ${password} ${name}`),
    ...services.map((name) => `addprinc -randkey ${name}`),
  ];
  await run("kadmin.local", [], `${queries.join("\n")}\n`);
  const server = await startPeer("krb5kdc", ["-n"], environment);
  await server.says(/starting/);
  let caches = 0;
  return {
    folder,
    environment: { KRB5_CONFIG: environment.KRB5_CONFIG },
    keytab: async (...principals) => {
      await run("kadmin.local", ["-q", `ktadd -k ${at("keytab")} ${principals.join(" ")}`]);
      await chmod(at("keytab"), 0o644);
      return at("keytab");
    },
    ticketCache: async (user, password) => {
      const cache = `FILE:${at(`tickets-${String((caches += 1))}`)}`;
      await run("kinit", ["-c", cache, user], `${password}\n`);
      return cache;
    },
    log: () => readFile(at("kdc.log"), "utf8"),
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function clientConfiguration(port: number): string {
  return `[libdefaults]
  default_realm = FAIRLEAD.TEST
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  forwardable = true
  udp_preference_limit = 1
[realms]
  FAIRLEAD.TEST = {
    kdc = 127.0.0.1:${String(port)}
  }
[domain_realm]
  localhost = FAIRLEAD.TEST
  .fairlead.test = FAIRLEAD.TEST
`;
}

function serverConfiguration(port: number, at: (name: string) => string): string {
  return `[kdcdefaults]
  kdc_listen = 127.0.0.1:${String(port)}
  kdc_tcp_listen = 127.0.0.1:${String(port)}
[realms]
  FAIRLEAD.TEST = {
    database_name = ${at("principal")}
    key_stash_file = ${at("stash")}
    acl_file = ${at("kadm5.acl")}
  }
[logging]
  kdc = FILE:${at("kdc.log")}
`;
}
