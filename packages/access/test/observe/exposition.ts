/** One family of a page, and its samples. */
export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  readonly unit: string | undefined;
  readonly samples: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

/**
 * Reads a page of Prometheus' text format (0.0.4), or of OpenMetrics (1.0), strictly: what either grammar does not have,
 * and what contradicts itself, throws.
 */
export function parseExposition(text: string, format: "prometheus" | "openmetrics"): Map<string, ParsedFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const lines = text.slice(0, -1).split("\n");
  if (format === "openmetrics" && lines.pop() !== "# EOF") throw new Error("no EOF");
  const families = new Map<
    string,
    { type: string; help: string; unit: string | undefined; samples: ParsedFamily["samples"] }
  >();
  let current: string | undefined;
  const seen = new Set<string>();
  for (const line of lines) {
    const head = /^# (HELP|TYPE|UNIT) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (head !== null) {
      const [, kind, name = "", rest = ""] = head;
      if (kind === "HELP") {
        if (families.has(name)) throw new Error(`a second family ${name}`);
        families.set(name, { type: "", help: rest, unit: undefined, samples: [] });
        current = name;
        continue;
      }
      const family = families.get(name);
      if (family === undefined || name !== current) throw new Error(`${kind ?? ""} of ${name} elsewhere`);
      if (family.samples.length > 0) throw new Error(`${kind ?? ""} behind the samples of ${name}`);
      if (kind === "TYPE") {
        if (!/^(?:counter|gauge|histogram)$/.test(rest)) throw new Error(`type ${rest}`);
        family.type = rest;
      } else {
        if (format === "prometheus" || !name.endsWith(`_${rest}`)) throw new Error(`unit ${rest} of ${name}`);
        family.unit = rest;
      }
      continue;
    }
    const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (sample === null || current === undefined) throw new Error(`no sample: ${line}`);
    const [, name = "", labelText, number = ""] = sample;
    const family = families.get(current);
    if (family === undefined || !namesOf(current, family.type, format).includes(name))
      throw new Error(`${name} in ${current}`);
    const labels = labelText === undefined ? {} : parseLabels(labelText);
    if (!/^(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.test(number)) throw new Error(`value ${number}`);
    const key = `${name} ${JSON.stringify(Object.entries(labels).toSorted())}`;
    if (seen.has(key)) throw new Error(`twice: ${line}`);
    seen.add(key);
    family.samples.push({ name, labels, value: Number(number) });
  }
  for (const [name, { type, samples }] of families) {
    if (type === "") throw new Error(`${name} has no type`);
    if (type === "histogram") checkHistogram(name, samples);
  }
  return families;
}

function namesOf(family: string, type: string, format: string): readonly string[] {
  switch (type) {
    case "counter":
      if (format === "prometheus") return [family];
      if (family.endsWith("_total")) throw new Error(`${family} ends in _total`);
      return [`${family}_total`];
    case "histogram":
      return [`${family}_bucket`, `${family}_sum`, `${family}_count`];
    default:
      return [family];
  }
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  const pair = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"(,|$)/y;
  while (pair.lastIndex < text.length) {
    const match = pair.exec(text);
    if (match === null) throw new Error(`labels ${text}`);
    const [, name = "", value = ""] = match;
    if (name in labels) throw new Error(`label ${name} twice`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
  }
  return labels;
}

function checkHistogram(name: string, samples: ParsedFamily["samples"]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => (labels["le"] === "+Inf" ? Infinity : Number(labels["le"])));
  if (bounds.at(-1) !== Infinity) throw new Error("no bucket for all");
  for (let index = 1; index < buckets.length; index += 1) {
    if ((bounds[index] ?? 0) <= (bounds[index - 1] ?? 0)) throw new Error("bounds out of order");
    if ((buckets[index]?.value ?? 0) < (buckets[index - 1]?.value ?? 0)) throw new Error("buckets are cumulative");
  }
  const count = samples.find((sample) => sample.name === `${name}_count`);
  if (count?.value !== buckets.at(-1)?.value) throw new Error("count and the last bucket differ");
  if (!samples.some((sample) => sample.name === `${name}_sum`)) throw new Error("no sum");
}
