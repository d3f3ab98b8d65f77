import { fileURLToPath } from "node:url";
import { FileError } from "@fairlead/core";
import { LeanResponse, exchangeOf } from "../fetch/index.ts";
import type { FetchHandler } from "../fetch-handler.ts";
import { listDirectory } from "./list-directory.ts";
import { openRoot, type Found, type Root } from "./open-below.ts";
import { isHidden, requestNames, type RequestNames } from "./protocol/request-names.ts";
import { sendFile } from "./send-file.ts";
import type { StaticFilesOptions } from "./static-files-options.ts";

/**
 * Makes a handler that serves the files below a directory: with entity tags and dates, conditional requests and ranges, and
 * nothing that is not below it, however a path is written and wherever a link leads.
 *
 * @throws FileError FILE_NOT_FOUND when there is no such directory.
 *
 * @example
 * ```ts
 * const server = await serve({ fetch: staticFiles({ root: "public" }), port: 8080 });
 * ```
 */
export function staticFiles(options: StaticFilesOptions): FetchHandler {
  const given = options.root;
  const root = openRoot(
    typeof given === "string" ? given : fileURLToPath(given),
    options.dangerous?.linksLeadOut ?? false,
  );
  const platform = process.platform === "win32" ? "windows" : "posix";
  return async (request, context) => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return options.otherwise?.(request, context) ?? plain(405, "method not allowed\n", ["allow", "GET, HEAD"]);
    }
    const path = pathOf(request, options.prefix ?? "");
    const asked = path === undefined ? undefined : requestNames(path, platform);
    const response = asked && (await answerUnchanged(() => answer(root, asked, request, options)));
    return response ?? options.otherwise?.(request, context) ?? plain(404, "not found\n", []);
  };
}

/** The path below the prefix, with its query; `undefined` for one that is not. */
function pathOf(request: Request, prefix: string): string | undefined {
  const path = exchangeOf(request)?.head.path ?? pathOfUrl(request.url);
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined;
}

function pathOfUrl(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/** How often a file is looked at that somebody writes to meanwhile. */
const ATTEMPTS = 3;

/** Begins anew when a small file, which is read before it is sent, was changed between the look at it and its end. */
async function answerUnchanged(attempt: () => Promise<Response | undefined>): Promise<Response | undefined> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (count === ATTEMPTS || !(error instanceof FileError && error.code === "FILE_CHANGED")) throw error;
    }
  }
}

async function answer(
  root: Root,
  { names, isDirectory }: RequestNames,
  request: Request,
  options: StaticFilesOptions,
): Promise<Response | undefined> {
  if (options.dotFiles !== true && isHidden(names)) return undefined;
  const found = await root.find(names);
  if (found === undefined) return undefined;
  try {
    if (found.stats.isFile()) return isDirectory ? undefined : await sendFile(root, found, names, request, options);
    return await answerDirectory(root, found, { names, isDirectory }, request, options);
  } finally {
    found.release();
  }
}

async function answerDirectory(
  root: Root,
  directory: Found,
  { names, isDirectory }: RequestNames,
  request: Request,
  options: StaticFilesOptions,
): Promise<Response | undefined> {
  const { index = "index.html", listing = false } = options;
  const indexNames = index === false ? undefined : [...names, index];
  const found = indexNames && (await root.find(indexNames));
  try {
    if (indexNames !== undefined && found?.stats.isFile() === true) {
      return isDirectory ? await sendFile(root, found, indexNames, request, options) : toDirectory(names, request);
    }
  } finally {
    found?.release();
  }
  if (!listing) return undefined;
  return isDirectory ? listDirectory(root, directory, names, options.dotFiles ?? false) : toDirectory(names, request);
}

/** Relative, so that it holds below whatever this is mounted, and so that no name is taken for a host or a scheme. */
function toDirectory(names: readonly string[], request: Request): Response {
  const query = exchangeOf(request)?.head.path.split("?").slice(1).join("?") ?? new URL(request.url).search.slice(1);
  const location = `./${encodeURIComponent(names.at(-1) ?? "")}/${query === "" ? "" : `?${query}`}`;
  return plain(308, "it is a directory\n", ["location", location]);
}

function plain(status: number, content: string, fields: readonly string[]): Response {
  return new LeanResponse(content, { status, fields: ["content-type", "text/plain", ...fields] });
}
