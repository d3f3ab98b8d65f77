import { mintCertificate, type Authority } from "@fairlead/testserver/authority";
import { createHash } from "node:crypto";
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startProgram, type Program } from "./listening-program.ts";
import { unusedPort } from "./unused-port.ts";

/** Who proxies let through that ask. */
export const MEMBER = { username: "me", password: "pass word:with/signs" } as const;

/** `MEMBER` as user information of a URL. */
export const MEMBER_USERINFO = `${MEMBER.username}:${encodeURIComponent(MEMBER.password)}`;

/** How squid asks who is there. */
export type SquidAuthentication =
  | "none"
  | "basic"
  | "digest"
  | "basic-and-digest"
  | "ntlm"
  /** Negotiate, with the key of `HTTP/localhost` in this file. */
  | { readonly keytab: string };

/** A squid that listens without and with TLS. */
export interface Squid extends Program {
  /** Its certificate is for `localhost`. */
  readonly securePort: number;
}

const HELPERS = "/usr/lib/squid";
const REALM = "a proxy";

/** Starts squid, which finds every name under `.fairlead.test` on this machine. */
export async function startSquid(ca: Authority, authentication: SquidAuthentication = "none"): Promise<Squid> {
  const folder = await temporaryFolder("squid");
  const [port, securePort] = [await unusedPort(), await unusedPort()];
  const { certificate, privateKey } = await mintCertificate({ names: ["localhost", "127.0.0.1"], issuer: ca });
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder.path, name);
    await writeFile(path, text, { mode: 0o644 });
    return path;
  };
  const ask = await helpers(authentication, file);
  const configuration = await file(
    "squid.conf",
    [
      `http_port 127.0.0.1:${String(port)}`,
      `https_port 127.0.0.1:${String(securePort)} tls-cert=${await file("proxy.pem", certificate + privateKey)}`,
      `hosts_file ${await file("hosts", "127.0.0.1 localhost a.fairlead.test b.fairlead.test\n")}`,
      "dns_nameservers 127.0.0.1",
      "pid_filename none",
      "cache_log /dev/null",
      "access_log none",
      "cache deny all",
      "shutdown_lifetime 0 seconds",
      "visible_hostname proxy.fairlead.test",
      "pinger_enable off",
      `coredump_dir ${folder.path}`,
      ...ask,
      ...(ask.length === 0
        ? ["http_access allow all"]
        : ["acl members proxy_auth REQUIRED", "http_access allow members", "http_access deny all"]),
    ].join("\n"),
  );
  const program = await startProgram("squid", ["-N", "-f", configuration], port, "SIGKILL");
  return { ...endWith(program, folder), securePort };
}

type WriteFile = (name: string, text: string) => Promise<string>;

async function helpers(authentication: SquidAuthentication, file: WriteFile): Promise<readonly string[]> {
  const { username, password } = MEMBER;
  const basic = async (): Promise<readonly string[]> => {
    const { stdout } = await promisify(execFile)("openssl", ["passwd", "-apr1", password]);
    return [
      `auth_param basic program ${HELPERS}/basic_ncsa_auth ${await file("members", `${username}:${stdout.trim()}\n`)}`,
      "auth_param basic children 1",
      `auth_param basic realm ${REALM}`,
    ];
  };
  const digest = async (): Promise<readonly string[]> => {
    const secret = createHash("md5").update(`${username}:${REALM}:${password}`).digest("hex");
    const members = await file("digests", `${username}:${REALM}:${secret}\n`);
    return [
      `auth_param digest program ${HELPERS}/digest_file_auth -c ${members}`,
      "auth_param digest children 1",
      `auth_param digest realm ${REALM}`,
    ];
  };
  if (typeof authentication === "object") {
    const program = `${HELPERS}/negotiate_kerberos_auth -k ${authentication.keytab} -s GSS_C_NO_NAME`;
    return [
      `auth_param negotiate program ${program}`,
      "auth_param negotiate children 1",
      "auth_param negotiate keep_alive on",
    ];
  }
  switch (authentication) {
    case "none":
      return [];
    case "basic":
      return basic();
    case "digest":
      return digest();
    case "basic-and-digest":
      return [...(await basic()), ...(await digest())];
    case "ntlm":
      return [`auth_param ntlm program ${HELPERS}/ntlm_fake_auth`, "auth_param ntlm children 1"];
  }
}

/** Starts tinyproxy, which asks for the member's name and password where `asks` is set. */
export async function startTinyproxy({ asks }: { readonly asks: boolean }): Promise<Program> {
  const folder = await temporaryFolder("tinyproxy");
  const port = await unusedPort();
  const configuration = join(folder.path, "tinyproxy.conf");
  const lines = [
    `Port ${String(port)}`,
    "Listen 127.0.0.1",
    "MaxClients 50",
    "Timeout 30",
    "LogLevel Critical",
    // It knows no signs in passwords.
    ...(asks ? [`BasicAuth ${MEMBER.username} secret`] : []),
  ];
  await writeFile(configuration, `${lines.join("\n")}\n`);
  return endWith(await startProgram("tinyproxy", ["-d", "-c", configuration], port), folder);
}

/** Starts microsocks, SOCKS 5, which asks for the member's name and password where `asks` is set. */
export async function startMicrosocks({ asks }: { readonly asks: boolean }): Promise<Program> {
  const port = await unusedPort();
  const login = asks ? ["-u", MEMBER.username, "-P", MEMBER.password] : [];
  return startProgram("microsocks", ["-i", "127.0.0.1", "-p", String(port), ...login], port);
}

/** Starts Dante, SOCKS 4 and 5, which asks nobody. */
export async function startDante(): Promise<Program> {
  const folder = await temporaryFolder("dante");
  const port = await unusedPort();
  const configuration = join(folder.path, "danted.conf");
  const user = userInfo().username;
  const lines = [
    "logoutput: /dev/null",
    `internal: 127.0.0.1 port = ${String(port)}`,
    "external: lo",
    "clientmethod: none",
    "socksmethod: none",
    `user.privileged: ${user}`,
    `user.unprivileged: ${user}`,
    "client pass { from: 0/0 to: 0/0 }",
    "socks pass { from: 0/0 to: 0/0 protocol: tcp }",
  ];
  await writeFile(configuration, lines.join("\n"));
  const pidFile = join(folder.path, "danted.pid");
  return endWith(await startProgram("danted", ["-f", configuration, "-p", pidFile], port), folder);
}

interface Folder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Readable by the users that the programs turn into when root starts them. */
async function temporaryFolder(name: string): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), `fairlead-${name}-`));
  await chmod(path, 0o755);
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function endWith(program: Program, folder: Folder): Program {
  return {
    port: program.port,
    [Symbol.asyncDispose]: async () => {
      await program[Symbol.asyncDispose]();
      await folder.remove();
    },
  };
}
