import type { HopTiming, TimelineHop } from "../timeline-facts.ts";

/** What a hop does, in the order in which it does it. */
export const timelinePhases = ["blocked", "resolve", "connect", "secure", "send", "wait", "receive"] as const;

/** A phase of a hop. */
export type TimelinePhase = (typeof timelinePhases)[number];

/** A phase as a bar. */
export interface PhaseBar {
  readonly phase: TimelinePhase;
  readonly milliseconds: number;
  /** Shares of the whole width, 0 to 1, from where time begins. */
  readonly start: number;
  readonly width: number;
  /** It goes on. */
  readonly isOpen: boolean;
}

/** A hop as a row. */
export interface HopRow {
  readonly hop: TimelineHop;
  readonly milliseconds: number;
  readonly isRunning: boolean;
  /** Where it begins, as a share of the whole width. */
  readonly start: number;
  readonly bars: readonly PhaseBar[];
}

/** A mark on the axis. */
export interface Tick {
  readonly milliseconds: number;
  readonly at: number;
}

/** All that is drawn. */
export interface TimelineLayout {
  readonly rows: readonly HopRow[];
  readonly ticks: readonly Tick[];
  readonly milliseconds: number;
  readonly isRunning: boolean;
  /** Phases that occur, for the legend. */
  readonly phases: readonly TimelinePhase[];
}

/** Puts hops on one scale of time, the first at its beginning. @param now Milliseconds, for what is under way. */
export function layOutTimeline(hops: readonly TimelineHop[], now: number): TimelineLayout {
  const begin = hops.reduce((earliest, { startedAt }) => Math.min(earliest, startedAt), Infinity);
  const measured = hops.map((hop) => {
    const from = span(hop.startedAt - begin);
    const isRunning = hop.timing.total === undefined && hop.error === undefined;
    const phases = phasesOf(hop.timing, isRunning ? span(now - hop.startedAt) : undefined);
    const known = phases.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    return { hop, from, isRunning, phases, milliseconds: Math.max(known, span(hop.timing.total)) };
  });
  const end = measured.reduce((latest, { from, milliseconds }) => Math.max(latest, from + milliseconds), 0);
  // What took no time that could be measured has a scale too.
  const scale = Math.max(end, SHORTEST_SCALE);
  const rows = measured.map(({ hop, from, isRunning, phases, milliseconds }): HopRow => {
    let at = from;
    const bars = phases.map((each): PhaseBar => {
      const start = at / scale;
      at += each.milliseconds;
      return { ...each, start, width: each.milliseconds / scale };
    });
    return { hop, milliseconds, isRunning, start: from / scale, bars };
  });
  const seen = new Set(rows.flatMap(({ bars }) => bars.map(({ phase }) => phase)));
  return {
    rows,
    ticks: ticksOf(scale),
    milliseconds: end,
    isRunning: rows.some((each) => each.isRunning),
    phases: timelinePhases.filter((each) => seen.has(each)),
  };
}

type MeasuredPhase = Pick<PhaseBar, "phase" | "milliseconds" | "isOpen">;

/** @param running how long it has been under way; `undefined` when it is not. */
function phasesOf(timing: HopTiming, running: number | undefined): readonly MeasuredPhase[] {
  const { response } = timing;
  const send = response === undefined ? timing.send : Math.min(span(timing.send), span(response));
  const wait = response === undefined ? undefined : span(response) - span(send);
  const known: readonly (readonly [TimelinePhase, number | undefined])[] = [
    ["blocked", timing.blocked],
    ["resolve", timing.resolve],
    ["connect", timing.connect],
    ["secure", timing.secure],
    ["send", send],
    ["wait", wait],
    ["receive", timing.body],
  ];
  const phases = known
    .map(([phase, milliseconds]): MeasuredPhase => ({ phase, milliseconds: span(milliseconds), isOpen: false }))
    .filter(({ milliseconds }) => milliseconds > 0);
  if (running === undefined) return phases;
  const passed = phases.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [...phases, { phase: openPhase(timing), milliseconds: Math.max(0, running - passed), isOpen: true }];
}

/** That there was no waiting for a connection is known when the request goes out. */
function openPhase({ blocked, response }: HopTiming): TimelinePhase {
  if (response !== undefined) return "receive";
  return blocked === undefined ? "blocked" : "wait";
}

/** Clocks are set: a hop that begins before the first begins with it. */
function span(milliseconds: number | undefined): number {
  return milliseconds !== undefined && milliseconds > 0 ? Math.min(milliseconds, LONGEST) : 0;
}

const SHORTEST_SCALE = 0.1;
/** A year: beyond are clocks that were wrong. */
const LONGEST = 365 * 86_400_000;
const MOST_TICKS = 5;

function ticksOf(scale: number): readonly Tick[] {
  const step = steps.find((each) => scale / each <= MOST_TICKS) ?? scale;
  const count = Math.floor(scale / step);
  return Array.from({ length: count + 1 }, (_, index) => ({ milliseconds: index * step, at: (index * step) / scale }));
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances that are easy to count in: ten has other divisors than sixty. */
const steps: readonly number[] = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((each) => each * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((each) => each * MINUTE),
  ...[1, 2, 3, 6, 12].map((each) => each * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100].map((each) => each * DAY),
];
