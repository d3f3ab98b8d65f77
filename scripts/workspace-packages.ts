import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository. */
export const root: string = dirname(import.meta.dirname);

/** What the scripts read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly private?: boolean;
  readonly type: string;
  readonly engines: { readonly node: string };
  readonly files: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | ConditionalExport>>;
  imports?: object;
}

interface ConditionalExport {
  /** For this repository only: the TypeScript source. */
  readonly source?: string;
  readonly types: string;
  readonly default: string;
}

/** A package of this repository. */
export interface WorkspacePackage {
  /** The folder's name under packages/. */
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
}

/** All packages, by the order of their names. */
export function workspacePackages(): readonly WorkspacePackage[] {
  return readdirSync(join(root, "packages"))
    .sort()
    .map((name) => {
      const folder = join(root, "packages", name);
      // Vouched for by scripts/workspace-packages.test.ts.
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
      return { name, folder, manifest };
    });
}

/** The packages that are meant for a registry. */
export function publicPackages(): readonly WorkspacePackage[] {
  return workspacePackages().filter(({ manifest }) => manifest.private !== true);
}

/**
 * The manifest without the export condition `source`: others use a condition of that name for their own sources, and
 * Node does not run TypeScript from node_modules.
 */
export function publishedManifest(manifest: Manifest): Manifest {
  const entries = Object.entries(manifest.exports).map(([path, target]) => {
    if (typeof target === "string") return [path, target] as const;
    return [path, { types: target.types, default: target.default }] as const;
  });
  // What `imports` name is joined to the modules when they are built.
  const published = { ...manifest, exports: Object.fromEntries<string | ConditionalExport>(entries) };
  delete published.imports;
  return published;
}
