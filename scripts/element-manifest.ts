import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as untypedAnalyzer from "@custom-elements-manifest/analyzer";
// @ts-expect-error there are no declarations of it; the analyzer's own command line loads it for Lit
import { litPlugin } from "@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js";
import type {
  ClassDeclaration,
  ClassField,
  ClassMember,
  CustomElement,
  CustomElementDeclaration,
  Declaration,
  Module,
  Package,
} from "custom-elements-manifest/schema.d.ts";
import type typescript from "typescript";
import { root } from "./workspace-packages.ts";

/** An element as its users see it: what is private, and what Lit or the base class need, is left out. */
export type DescribedElement = CustomElement & CustomElementDeclaration & { readonly tagName: string };

const folder = join(root, "packages/widgets");
const path = "dist/index.js";

/** What the analyzer exports: its declarations have the types of its plugins alone. */
interface Analyzer {
  /** A compiler of its own, whose syntax trees it reads. */
  readonly ts: typeof typescript;
  readonly create: (options: {
    readonly modules: readonly typescript.SourceFile[];
    readonly plugins: unknown;
    readonly context: object;
  }) => Package;
}
const { create, ts } = untypedAnalyzer as unknown as Analyzer;

/** What elements have for their base class alone. */
const internals: ReadonlySet<string> = new Set([
  "tag",
  "uses",
  "properties",
  "styles",
  "finalizeStyles",
  "shadowRootOptions",
]);

/**
 * The elements of `@fairlead/widgets` and their events, as editors, catalogues and generators of wrappers read them.
 *
 * @see https://github.com/webcomponents/custom-elements-manifest
 */
export function elementManifest(): Package {
  const found = analyzedModules().flatMap(({ declarations = [] }) => declarations);
  const elements = found.filter(isElement).map(seenFromOutside);
  const types = new Set(elements.flatMap(({ events = [] }) => events.map(({ type }) => type.text)));
  const events = found.filter((each) => isClass(each) && types.has(each.name));
  const exported = [...elements, ...events].sort((one, other) => (one.name < other.name ? -1 : 1));
  return {
    schemaVersion: "1.0.0",
    readme: "README.md",
    modules: [
      {
        kind: "javascript-module",
        path,
        declarations: exported,
        exports: [
          ...exported.map(({ name }) => ({ kind: "js" as const, name, declaration: { name, module: path } })),
          ...elements.map(({ name, tagName }) => ({
            kind: "custom-element-definition" as const,
            name: tagName,
            declaration: { name, module: path },
          })),
        ],
      },
    ],
  };
}

/** The elements of a manifest, by their names. */
export function describedElements({ modules }: Package): readonly DescribedElement[] {
  return modules.flatMap(({ declarations = [] }) => declarations).filter(isElement);
}

/** What of an element is public and says nothing of itself: a line for each. */
export function undescribed({ name, tagName, description, ...element }: DescribedElement): readonly string[] {
  const { members = [], events = [], cssParts = [], cssProperties = [] } = element;
  const described = [
    { what: "class", name, description },
    ...members.map((each) => ({ what: each.kind, name: each.name, description: each.description })),
    ...events.map((each) => ({ what: "event", name: each.name, description: each.description })),
    ...cssParts.map((each) => ({ what: "part", name: each.name, description: each.description })),
    ...cssProperties.map((each) => ({ what: "custom property", name: each.name, description: each.description })),
  ];
  return described
    .filter(({ description }) => (description ?? "").trim() === "")
    .map((each) => `<${tagName}>: ${each.what} ${each.name} has no description`);
}

function analyzedModules(): readonly Module[] {
  const modules = globSync("src/**/*.ts", { cwd: folder })
    .filter((path) => !/(?:^|\/)(?:messages|rules|url|bundle)\//.test(path))
    .sort()
    .map((path) => ts.createSourceFile(path, readFileSync(join(folder, path), "utf8"), ts.ScriptTarget.ES2022, true));
  return create({ modules, plugins: (litPlugin as () => unknown)(), context: { dev: false } }).modules;
}

function isClass(declaration: Declaration): declaration is ClassDeclaration {
  return declaration.kind === "class";
}

function isElement(declaration: Declaration): declaration is DescribedElement {
  return (
    isClass(declaration) && "customElement" in declaration && "tagName" in declaration && declaration.tagName !== ""
  );
}

function seenFromOutside({
  members = [],
  attributes = [],
  events = [],
  ...element
}: DescribedElement): DescribedElement {
  const open = members.filter(
    (each) =>
      (each.privacy === undefined || each.privacy === "public") &&
      !each.name.startsWith("#") &&
      !internals.has(each.name),
  );
  const fields = new Set(open.filter((each): each is ClassField => each.kind === "field").map(({ name }) => name));
  return {
    ...element,
    superclass: { name: "FairleadElement", module: path },
    members: open.map(withoutOrigin),
    // The analyzer takes what stands in brackets behind dispatchEvent for a name: what is fired is said by @fires.
    events: events.filter(isNamed),
    attributes: attributes.filter(({ fieldName }) => fieldName !== undefined && fields.has(fieldName)),
  };
}

/** Where a member is inherited from is nothing to those who set it. */
function withoutOrigin(member: ClassMember): ClassMember {
  const { inheritedFrom, ...own } = member;
  return inheritedFrom === undefined ? member : own;
}

/** The analyzer has events without a name, whatever its types say. */
function isNamed({ name }: { readonly name?: string }): boolean {
  return name?.startsWith("fairlead-") === true;
}
