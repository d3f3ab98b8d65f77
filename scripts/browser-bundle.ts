import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { build, type Plugin } from "esbuild";

/** What is joined for a page. */
export interface BrowserBundleOptions {
  /** Source files by the names, without ending, that they have in the bundle. */
  readonly entries: Readonly<Record<string, string>>;
  /** Where sources of this repository are read, not what was built of them; so unless told. */
  readonly fromSources?: boolean;
  /** Without spaces, and with short names; so unless told. */
  readonly minify?: boolean;
}

/** A file of a bundle. */
export interface BundledFile {
  /** Its name beside the others. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Names of files that it needs before it runs. */
  readonly needs: readonly string[];
  /** Names of files that it asks for when they are first used. */
  readonly loads: readonly string[];
}

/**
 * Joins modules to files that a browser loads as they are, with all that they rest on: the one way in which the gallery,
 * the console's page and `@fairlead/widgets/bundle` are made. What is imported when it is used is a file of its own; Lit is
 * the one for production, which writes nothing to the console. Licences are in files named `….LEGAL.txt`.
 */
export async function bundleForBrowsers({
  entries,
  fromSources = true,
  minify = true,
}: BrowserBundleOptions): Promise<readonly BundledFile[]> {
  const { outputFiles, metafile } = await build({
    entryPoints: { ...entries },
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "browser",
    // The oldest browsers that have what the style sheets use, such as light-dark().
    target: ["chrome123", "firefox120", "safari17.5"],
    conditions: fromSources ? ["source"] : [],
    minify,
    plugins: minify ? [denseTemplates] : [],
    legalComments: "external",
    metafile: true,
    write: false,
    outdir: "/bundle",
    logLevel: "warning",
  });
  const imports = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [
      basename(path),
      output.imports.map((each) => ({ name: basename(each.path), kind: each.kind })),
    ]),
  );
  const named = (file: string, isLazy: boolean): readonly string[] =>
    (imports.get(file) ?? []).filter(({ kind }) => (kind === "dynamic-import") === isLazy).map(({ name }) => name);
  return outputFiles.map(({ path, contents }) => {
    const name = basename(path);
    return { name, bytes: contents, needs: named(name, false), loads: named(name, true) };
  });
}

/**
 * Takes the spaces out of the widgets' templates and style sheets, which to esbuild are texts, and the comments out of the
 * sheets. Every line break of a template stays: in HTML it is a space, in code the end of a statement.
 */
const denseTemplates: Plugin = {
  name: "dense-templates",
  setup(bundling) {
    bundling.onLoad({ filter: /[\\/]packages[\\/]widgets[\\/]src[\\/].+\.ts$/ }, async ({ path }) => {
      const source = (await readFile(path, "utf8")).replace(/\n\s+/g, "\n");
      return { contents: source.replace(/\bcss`[^`]*`/g, denseSheet), loader: "ts" };
    });
  },
};

function denseSheet(sheet: string): string {
  return sheet
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s*([{};])\s*/g, "$1")
    .replace(/([:,])\s+/g, "$1")
    .replaceAll(";}", "}");
}

/** The files that one needs before it runs, itself first: what a page waits for. */
export function neededFiles(files: readonly BundledFile[], entry: string): readonly BundledFile[] {
  const needed = new Map<string, BundledFile>();
  const add = (name: string): void => {
    const file = files.find((each) => each.name === name);
    if (file === undefined || needed.has(name)) return;
    needed.set(name, file);
    file.needs.forEach(add);
  };
  add(entry);
  return [...needed.values()];
}
