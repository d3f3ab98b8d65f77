import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { bundleForBrowsers } from "../../../scripts/browser-bundle.ts";

/** What a page with the widgets may do at most: they need no exception from it. `lit-html` is the policy of Lit's templates. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types lit-html",
].join("; ");

/** The gallery, being served. */
export interface ServedGallery extends AsyncDisposable {
  readonly url: string;
}

/** What is served, and where. */
export interface ServeGalleryOptions {
  /** 0, the default, takes any that is free. */
  readonly port?: number;
  /** The script of the page: the gallery's own unless told. */
  readonly main?: string;
}

/** Serves the gallery, made of the sources as they are now, on loopback. */
export async function serveGallery({
  port = 0,
  main = join(import.meta.dirname, "main.ts"),
}: ServeGalleryOptions = {}): Promise<ServedGallery> {
  const files = await galleryFiles(main);
  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url ?? "/", "http://localhost").pathname);
    if (file === undefined) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": file.type, "content-security-policy": contentSecurityPolicy });
    return response.end(file.bytes);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gallery listens on no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface GalleryFile {
  readonly type: string;
  readonly bytes: Uint8Array;
}

async function galleryFiles(main: string): Promise<ReadonlyMap<string, GalleryFile>> {
  const here = import.meta.dirname;
  const bundled = await bundleForBrowsers({ entries: { main }, minify: false });
  return new Map<string, GalleryFile>([
    ["/", { type: "text/html; charset=utf-8", bytes: await readFile(join(here, "index.html")) }],
    ["/gallery.css", { type: "text/css; charset=utf-8", bytes: await readFile(join(here, "gallery.css")) }],
    ...bundled.map(({ name, bytes }) => [`/${name}`, { type: "text/javascript; charset=utf-8", bytes }] as const),
  ]);
}
