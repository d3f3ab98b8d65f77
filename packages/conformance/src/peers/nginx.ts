import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MintedIdentity } from "@fairlead/testserver/authority";
import { startPeer } from "./peer-program.ts";
import { unusedPort } from "./unused-port.ts";

/** How an nginx is set up. */
export interface NginxOptions {
  /** Where requests go, such as `http://127.0.0.1:8080`; with `stream`, where bytes go, such as `127.0.0.1:8080`. */
  readonly target: string;
  /** Passes bytes on, after a head of the PROXY protocol. */
  readonly stream?: boolean;
  /** Ends TLS with it. */
  readonly identity?: MintedIdentity;
  /** Directives that are added to the server's location, or to the stream's server. */
  readonly lines?: readonly string[];
}

/** An nginx on 127.0.0.1 in front of another server. */
export interface Nginx extends AsyncDisposable {
  readonly port: number;
  /** Everything that it has printed. */
  readonly output: string;
}

/** Starts it, with a folder of its own. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-nginx-"));
  const at = (name: string): string => join(folder, name);
  const port = await unusedPort();
  if (options.identity !== undefined) {
    await writeFile(at("server.pem"), options.identity.certificate + options.identity.privateKey);
  }
  await writeFile(at("nginx.conf"), configuration(at, port, options));
  const server = await startPeer("nginx", ["-p", folder, "-c", at("nginx.conf"), "-e", "stderr"]);
  await server.says(/start worker process/);
  return {
    port,
    get output() {
      return server.output;
    },
    [Symbol.asyncDispose]: async () => {
      // Its worker outlives a killed master.
      await server.end();
      await rm(folder, { recursive: true });
    },
  };
}

function configuration(
  at: (name: string) => string,
  port: number,
  { target, stream = false, identity, lines = [] }: NginxOptions,
): string {
  const listen = `listen 127.0.0.1:${String(port)}${identity === undefined ? "" : " ssl"};`;
  const certificate =
    identity === undefined ? "" : `ssl_certificate ${at("server.pem")}; ssl_certificate_key ${at("server.pem")};`;
  const server = stream
    ? `stream { server { ${listen} ${certificate} proxy_pass ${target}; ${lines.join(" ")} } }`
    : `http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${at(name)};`).join("\n  ")}
  server { ${listen} ${certificate} location / { proxy_pass ${target}; ${lines.join(" ")} } }
}`;
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `${user}
daemon off;
worker_processes 1;
pid ${at("nginx.pid")};
error_log stderr notice;
${stream ? "load_module /usr/lib/nginx/modules/ngx_stream_module.so;" : ""}
events { }
${server}
`;
}
