import { createHash, X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPeer } from "./peer-program.ts";

/** What the browser is started with. */
export interface ChromiumOptions {
  /** Where it goes first. */
  readonly url: string;
  /** Certificates in PEM whose keys it takes for good, whoever signed them. */
  readonly certificates?: readonly string[];
  /** Whether it can be looked into and driven by its DevTools protocol, at the address that it prints; false by default. */
  readonly isDebuggable?: boolean;
}

/** A browser without a window, and a profile that goes with it. */
export interface Chromium extends AsyncDisposable {
  /** What it has printed. */
  readonly output: string;
  /** Its DevTools, a WebSocket; only of one that is debuggable. */
  debuggerUrl(): Promise<string>;
}

/** Starts it on a page, which is to tell by requests what it finds: nothing else comes out of it. */
export async function startChromium({
  url,
  certificates = [],
  isDebuggable = false,
}: ChromiumOptions): Promise<Chromium> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-chromium-"));
  const browser = await startPeer("chromium", [
    ...["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"],
    ...["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"],
    "--no-proxy-server",
    ...(isDebuggable ? ["--remote-debugging-port=0"] : []),
    `--user-data-dir=${folder}`,
    `--ignore-certificate-errors-spki-list=${certificates.map(keyPin).join(",")}`,
    url,
  ]);
  return {
    get output() {
      return browser.output;
    },
    async debuggerUrl() {
      const [, found = ""] = await browser.says(/DevTools listening on (ws:\S+)/);
      return found;
    },
    async [Symbol.asyncDispose]() {
      // Asked, it ends the processes that it has started.
      await browser.end();
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** SHA-256 of the public key, in base64, as RFC 7469 has it. */
function keyPin(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}
