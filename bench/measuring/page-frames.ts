import type { Browser, Page } from "playwright-core";

/** How a page moved, frame by frame, milliseconds. */
export interface PageFrames {
  /** From each frame to the next: what an eye sees, and what else the machine does counts. */
  readonly intervals: readonly number[];
  /** CPU time of the page's own thread for each frame, with all that it did since the one before. */
  readonly work: readonly number[];
}

/** An event of Chromium's trace; microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** CPU time of the thread. */
  readonly tdur?: number;
}

/** Has something done, and traces the frames of the page meanwhile. */
export async function tracePageFrames(browser: Browser, page: Page, act: () => Promise<void>): Promise<PageFrames> {
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
  await act();
  // The trace is Chromium's own.
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { readonly traceEvents: readonly TraceEvent[] };
  // Each frame of the page's own thread ends with its layers.
  const drawn = trace.traceEvents.filter(({ name }) => name === "Layerize");
  const { pid, tid } = busiestThread(drawn);
  const isOfPage = (event: TraceEvent): boolean => event.pid === pid && event.tid === tid;
  const frames = drawn
    .filter(isOfPage)
    .map(({ ts }) => ts)
    .toSorted((a, b) => a - b);
  const tasks = trace.traceEvents
    .filter((event) => isOfPage(event) && event.ph === "X" && event.name === "ThreadControllerImpl::RunTask")
    .toSorted((a, b) => a.ts - b.ts);
  return {
    intervals: frames.slice(1).map((at, before) => (at - (frames[before] ?? at)) / 1_000),
    work: workOfFrames(frames, tasks),
  };
}

/** Other pages of the browser, such as its own, draw next to nothing. */
function busiestThread(drawn: readonly TraceEvent[]): Pick<TraceEvent, "pid" | "tid"> {
  const [busiest] = Object.values(Object.groupBy(drawn, ({ pid, tid }) => `${String(pid)} ${String(tid)}`)).toSorted(
    (a = [], b = []) => b.length - a.length,
  );
  const [first] = busiest ?? [];
  if (first === undefined) throw new Error("no frame was drawn");
  return first;
}

/** Tasks count for the frame that is drawn in them, or else for the next. */
function workOfFrames(frames: readonly number[], tasks: readonly TraceEvent[]): readonly number[] {
  const work: number[] = [];
  let sum = 0;
  let next = 0;
  for (const { ts, dur = 0, tdur = 0 } of tasks) {
    sum += tdur / 1_000;
    const end = ts + dur;
    const before = next;
    while ((frames[next] ?? Number.POSITIVE_INFINITY) <= end) next += 1;
    if (next === before) continue;
    work.push(sum);
    sum = 0;
  }
  return work;
}
