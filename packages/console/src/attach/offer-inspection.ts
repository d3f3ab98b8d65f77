import { chmod } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { NetworkAccessManager } from "@fairlead/access";
import { LeanResponse, serve } from "@fairlead/server";
import { consoleApi } from "../api/console-api.ts";
import { inspect, type InspectionOptions } from "../inspection/inspection.ts";
import { privateSocketPath } from "./private-socket.ts";

/** What is offered, and where. */
export interface OfferInspectionOptions
  extends Pick<InspectionOptions, "name" | "limits" | "downloadFolder" | "dangerous"> {
  /** Of the socket; by default one of this process in a folder of the user's, that `path` of what is returned tells. */
  readonly path?: string;
}

/** A manager that can be looked at. */
export interface OfferedInspection extends AsyncDisposable {
  /** For `fairlead console --attach PATH`. */
  readonly path: string;
}

/**
 * Offers a manager to `fairlead console --attach`, by a Unix socket that only this user can reach. Whoever attaches sees what
 * is requested, secrets taken out, can request, and can have it forget; its questions stay this program's own.
 *
 * @throws UsageError OPTION_INVALID for a path that others may write to; TransportError ADDRESS_IN_USE.
 *
 * @example
 * await using offered = await offerInspection(manager);
 * console.error(`fairlead console --attach ${offered.path}`);
 */
export async function offerInspection(
  manager: NetworkAccessManager,
  { path = defaultPath(), ...options }: OfferInspectionOptions = {},
): Promise<OfferedInspection> {
  const place = await privateSocketPath(path);
  const inspection = inspect(manager, { ...options, isAttached: true });
  const api = consoleApi(inspection);
  try {
    const running = await serve({
      path: place,
      fetch: async (request, context) => {
        const { pathname } = new URL(request.url);
        if (!pathname.startsWith("/api/")) return new LeanResponse(null, { status: 404 });
        return api(request, context, pathname.slice("/api/".length));
      },
      limits: { bodyBytes: BODY_LIMIT_BYTES },
      admission: { connections: CONNECTIONS_LIMIT },
    });
    await chmod(place, 0o600);
    return {
      path: place,
      [Symbol.asyncDispose]: async () => {
        await running.close({ graceMilliseconds: 0 });
        await inspection[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await inspection[Symbol.asyncDispose]();
    throw error;
  }
}

const BODY_LIMIT_BYTES = 4 * 1_048_576;
const CONNECTIONS_LIMIT = 64;

function defaultPath(): string {
  const { XDG_RUNTIME_DIR: runtime = "" } = process.env;
  const folder = runtime === "" ? join(tmpdir(), `fairlead-${userInfo().username}`) : join(runtime, "fairlead");
  return join(folder, `console-${String(process.pid)}.sock`);
}
