import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { PageFiles } from "../src/page-files/page-files.ts";

/** Makes the page of its sources: in this repository, and for what is published. */
export async function loadPageFiles(): Promise<PageFiles> {
  const page = join(import.meta.dirname, "..", "src", "page");
  const { outputFiles, metafile } = await build({
    entryPoints: { main: join(page, "main.ts") },
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2023",
    conditions: ["source", "browser"],
    minify: true,
    charset: "utf8",
    // Licences go with what they are for: main.js.LEGAL.txt.
    legalComments: "linked",
    metafile: true,
    outdir: "/",
    chunkNames: "chunk-[hash]",
    write: false,
    logLevel: "warning",
  });
  const html = await readFile(join(page, "index.html"), "utf8");
  const needed = Object.entries(metafile.outputs).find(([path]) => path.endsWith("main.js"))?.[1].imports ?? [];
  // What the first script imports comes with it, and not when it has been read.
  const preloads = needed
    .filter(({ kind }) => kind === "import-statement")
    .map(({ path }) => `<link rel="modulepreload" href="${nameOf(path)}" />`);
  return new Map<string, Uint8Array>([
    ["index.html", Buffer.from(html.replace("</head>", `${preloads.join("")}</head>`))],
    ["page.css", await readFile(join(page, "page.css"))],
    ...outputFiles.map(({ path, contents }) => [nameOf(path), contents] as const),
  ]);
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? "";
}
