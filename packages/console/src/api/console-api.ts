import { UsageError } from "@fairlead/core";
import { LeanResponse, type RequestContext } from "@fairlead/server";
import { describeCertificate, readCertificates } from "@fairlead/tls/certificates";
import type { Inspection } from "../inspection/inspection.ts";
import { clearKind, forgetThing, memoryCounts, memoryPage } from "../inspection/memory.ts";
import { addFault, describeTestNetwork, removeFault, withoutTestNetwork } from "../inspection/test-network.ts";
import { type MemoryKind, memoryKinds } from "../protocol/index.ts";
import { foreignBytes, json, nothing, notFound, problem } from "./answers.ts";
import { EventSockets } from "./events-socket.ts";
import { readAnswer, readDownloadOrder, readFaultOrder, readFetchOrder } from "./protocol/read-order.ts";

/** Answers what is below `api/`. @param path what stands behind it, without a query */
export type ConsoleApi = (request: Request, context: RequestContext, path: string) => Promise<Response>;

/** Things of one page of a memory. */
const PAGE_LIMIT = 1_000;
/** Certificates that are described at once. */
const CERTIFICATES_LIMIT = 32;

/** Answers for an inspection. Who asks, and whether he may, is decided before. */
export function consoleApi(inspection: Inspection): ConsoleApi {
  const sockets = new EventSockets(inspection);
  return async (request, context, path) => {
    try {
      return await answer(inspection, sockets, request, context, path);
    } catch (error) {
      return problem(error);
    }
  };
}

async function answer(
  inspection: Inspection,
  sockets: EventSockets,
  request: Request,
  context: RequestContext,
  path: string,
): Promise<Response> {
  const [place, ...rest] = path.split("/").map(decodePart);
  switch (`${request.method} ${place ?? ""}`) {
    case "GET events":
    case "CONNECT events":
      return sockets.accept(request, context);
    case "POST fetch":
      return json({ id: await inspection.fetch(readFetchOrder(await readJson(request))) });
    case "GET transactions":
      return transaction(inspection, rest);
    case "DELETE transactions":
      if (rest.length > 0) return inspection.abort(numberOf(rest[0])) ? nothing() : notFound();
      inspection.clear();
      return nothing();
    case "POST certificates":
      return json(describeCertificates(await request.text()));
    case "GET memory":
      return memory(inspection, request, rest);
    case "DELETE memory":
      return forget(inspection, rest);
    case "POST downloads":
      return download(inspection, rest, request);
    case "DELETE downloads":
      return (await inspection.transfers?.remove(numberOf(rest[0]))) === true ? nothing() : notFound();
    case "POST questions": {
      const given = readAnswer(await readJson(request));
      return inspection.questions?.answer(numberOf(rest[0]), given) === true ? nothing() : notFound();
    }
    case "GET har":
      return archive(inspection, request);
    case "GET test-network":
      return json(await describeTestNetwork(await network(inspection)));
    case "POST test-network":
      if (rest[0] !== "faults") return notFound();
      return json(addFault(await network(inspection), readFaultOrder(await readJson(request))));
    case "DELETE test-network":
      if (rest[0] !== "faults") return notFound();
      return removeFault(await network(inspection), rest[1] ?? "") ? nothing() : notFound();
    case "GET settings":
      return inspection.settings === undefined ? notFound() : json(await inspection.settings.read());
    case "PUT settings":
      if (inspection.settings === undefined) return notFound();
      return json(await inspection.settings.write(await readJson(request)));
    default:
      return notFound();
  }
}

/** `ID`, or `ID/hops/INDEX/response-body`. */
function transaction(inspection: Inspection, [id, hops, index, side]: readonly string[]): Response {
  if (hops === undefined) {
    const details = inspection.details(numberOf(id));
    return details === undefined ? notFound() : json(details);
  }
  if (side !== "request-body" && side !== "response-body") return notFound();
  const bytes = inspection.body(numberOf(id), numberOf(index), side);
  return bytes === undefined ? notFound() : foreignBytes(bytes);
}

function memory(inspection: Inspection, request: Request, [name]: readonly string[]): Response {
  if (name === undefined) return json(memoryCounts(inspection.manager, memoryKinds));
  const kind = kindOf(name);
  if (kind === undefined) return notFound();
  const { searchParams } = new URL(request.url);
  const query = {
    search: (searchParams.get("search") ?? "").slice(0, 256),
    from: whole(searchParams.get("from"), 0),
    count: Math.min(PAGE_LIMIT, whole(searchParams.get("count"), 100)),
  };
  return json(memoryPage(inspection.manager, kind, query));
}

async function forget({ manager }: Inspection, [name = "", key]: readonly string[]): Promise<Response> {
  const kind = kindOf(name);
  if (kind === undefined) return notFound();
  if (key !== undefined) return (await forgetThing(manager, kind, key)) ? nothing() : notFound();
  await clearKind(manager, kind);
  return nothing();
}

async function download(inspection: Inspection, [id, verb]: readonly string[], request: Request): Promise<Response> {
  const { transfers } = inspection;
  if (transfers === undefined) return notFound();
  if (id === undefined) {
    const { fileName, ...order } = readDownloadOrder(await readJson(request));
    return json(await transfers.begin(inspection.whatToDownload(order), fileName));
  }
  if (verb !== "pause" && verb !== "resume") return notFound();
  const transfer = await transfers[verb](numberOf(id));
  return transfer === undefined ? notFound() : json(transfer);
}

function archive(inspection: Inspection, request: Request): Response {
  const bodies = new URL(request.url).searchParams.has("bodies");
  const fields = [
    ...["content-type", "application/json"],
    ...["content-disposition", 'attachment; filename="fairlead.har"'],
  ];
  return new LeanResponse(JSON.stringify(inspection.har(bodies)), { fields });
}

function network(inspection: Inspection): NonNullable<ReturnType<Inspection["testNetwork"]>> {
  return inspection.testNetwork() ?? withoutTestNetwork();
}

function describeCertificates(pem: string): readonly object[] {
  return readCertificates(pem)
    .slice(0, CERTIFICATES_LIMIT)
    .map((der) => describeCertificate(der));
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError("OPTION_INVALID", { operation: "read order", detail: "this is no JSON" });
  }
}

/** What is no encoding of anything names nothing that there is. */
function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function kindOf(name: string): MemoryKind | undefined {
  return memoryKinds.find((kind) => kind === name);
}

/** What is no number is the number of nothing. */
function numberOf(text: string | undefined): number {
  return whole(text ?? null, -1);
}

function whole(text: string | null, otherwise: number): number {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : otherwise;
}
