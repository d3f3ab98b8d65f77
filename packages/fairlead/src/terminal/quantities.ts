/** Formats a duration: `0.4 ms`, `37 ms`, `2.5 s`. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 1000 ? `${formatMilliseconds(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Formats milliseconds as a bare number, with one digit behind the point where it tells something. */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 99.95 ? milliseconds.toFixed(1) : milliseconds.toFixed(0);
}

const units = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** Formats a size: `1 byte`, `900 bytes`, `1.5 KiB`, `12 MiB`. */
export function formatBytes(sizeBytes: number): string {
  if (sizeBytes === 1) return "1 byte";
  let value = sizeBytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 10 ? value.toFixed(0) : value.toFixed(1)} ${units[unit] ?? ""}`;
}

/** Formats a moment as a date and time in UTC, to the minute: `2027-03-01 12:30 UTC`. */
export function formatMoment(milliseconds: number): string {
  const date = new Date(milliseconds);
  // An HSTS age may lead beyond what a Date can hold.
  return Number.isNaN(date.getTime()) ? "far away" : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
