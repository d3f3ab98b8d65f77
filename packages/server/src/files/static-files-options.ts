import type { FetchHandler } from "../fetch-handler.ts";
import type { FileFacts } from "./protocol/file-tag.ts";

/** What is served of a directory, and how. */
export interface StaticFilesOptions {
  /** The directory. Where it is a link, it stays the one that the link names now. */
  readonly root: string | URL;
  /** What paths begin with that are looked for below the root, such as `/assets`; empty by default. */
  readonly prefix?: string;
  /** The file that is sent for a directory; `index.html` by default, `false` for none. */
  readonly index?: string | false;
  /** Lists directories that have no index. By default they are not there. */
  readonly listing?: boolean;
  /**
   * Sends `a.css.br`, `a.css.zst` or `a.css.gz` for `a.css`, to clients that take it, where it is there and not older. Off by
   * default, as it looks for them with every request.
   */
  readonly precompressed?: boolean;
  /** Serves files and directories whose name begins with a dot. By default only `/.well-known` is there. */
  readonly dotFiles?: boolean;
  /**
   * `Cache-Control`, for each name from the root such as `assets/a.css`; `no-cache` by default, by which clients keep files
   * and ask each time whether they have changed. `false` for none.
   */
  readonly cacheControl?: string | false | ((name: string) => string | undefined);
  /** The media type by the name from the root; `undefined` for what the table of package `mime` says. */
  readonly mediaType?: (name: string) => string | undefined;
  /**
   * The entity tag, with its quotes; `undefined` for none. For machines that serve copies of the same files: the default
   * one is of this machine. It has to be another one whenever the bytes are others.
   */
  readonly etag?: (file: FileFacts, name: string, coding: string | undefined) => string | undefined;
  /** Answers what there is no file for, and methods other than GET and HEAD; 404 and 405 by default. */
  readonly otherwise?: FetchHandler;
  readonly dangerous?: {
    /** Follows links out of the root: whoever may make one below it can have any file served that the process may read. */
    readonly linksLeadOut?: boolean;
  };
}
