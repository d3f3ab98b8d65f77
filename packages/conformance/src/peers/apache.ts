import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { MintedIdentity } from "@fairlead/testserver/authority";
import { startPeer } from "./peer-program.ts";
import { unusedPort } from "./unused-port.ts";

/** How an Apache is set up. */
export interface ApacheOptions {
  /** Beside those that authentication needs in general, such as `auth_basic`. */
  readonly modules: readonly string[];
  /** Contents by path below the server's folder; what is in `www` is served. */
  readonly files: Readonly<Record<string, string>>;
  /** What follows the general configuration. */
  readonly configuration: (folder: string) => string;
  readonly environment?: (folder: string) => Readonly<Record<string, string>>;
  /** Serves https, too, on a port of its own. */
  readonly identity?: MintedIdentity;
}

/** An Apache HTTP server on 127.0.0.1. Its responses tell in `X-User` whom it takes the client for. */
export interface Apache extends AsyncDisposable {
  readonly port: number;
  /** 0 without an identity. */
  readonly tlsPort: number;
  /** What it has logged. */
  readonly log: string;
}

/** Starts it in the foreground, as an unprivileged user where it is started by root. */
export async function startApache(options: ApacheOptions): Promise<Apache> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-apache-"));
  await chmod(folder, 0o755);
  const [port, tlsPort] = [await unusedPort(), options.identity === undefined ? 0 : await unusedPort()];
  const { identity } = options;
  const files = {
    ...options.files,
    ...(identity && { "server.pem": identity.certificate + identity.privateKey }),
    "httpd.conf": generalConfiguration(folder, options.modules, port, tlsPort) + options.configuration(folder),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  const server = await startPeer(
    "apache2",
    ["-f", join(folder, "httpd.conf"), "-D", "FOREGROUND"],
    options.environment?.(folder),
  );
  await server.says(/resuming normal operations/);
  return {
    port,
    tlsPort,
    get log() {
      return server.output;
    },
    [Symbol.asyncDispose]: async () => {
      await server.end();
      await rm(folder, { recursive: true });
    },
  };
}

const alwaysLoaded = ["mpm_event", "authn_core", "authz_core", "authz_user", "dir", "headers"];

function generalConfiguration(folder: string, modules: readonly string[], port: number, tlsPort: number): string {
  const isRoot = process.getuid?.() === 0;
  const loaded = [...alwaysLoaded, ...modules, ...(tlsPort === 0 ? [] : ["ssl"])];
  return `ServerRoot ${folder}
ServerName localhost
Listen 127.0.0.1:${String(port)}
PidFile ${folder}/httpd.pid
DefaultRuntimeDir ${folder}
Mutex sem
ErrorLog "|/bin/cat"
LogLevel info
${loaded.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join("\n")}
${isRoot ? "User www-data\nGroup www-data" : ""}
StartServers 1
ServerLimit 1
ThreadsPerChild 16
MaxRequestWorkers 16
DocumentRoot ${folder}/www
Header always set X-User "expr=%{REMOTE_USER}"
${tlsPort === 0 ? "" : tlsConfiguration(folder, tlsPort)}
`;
}

function tlsConfiguration(folder: string, port: number): string {
  return `Listen 127.0.0.1:${String(port)}
SSLSessionCache none
SSLCertificateFile ${folder}/server.pem
<VirtualHost 127.0.0.1:${String(port)}>
  SSLEngine on
</VirtualHost>
`;
}
