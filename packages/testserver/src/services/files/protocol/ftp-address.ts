/** Where a client wants the server to connect to. */
export interface FtpAddress {
  readonly host: string;
  readonly port: number;
}

/** Reads the argument of PORT: four numbers of an IPv4 address and two of a port. RFC 959 section 4.1.2. */
export function readPort(argument: string): FtpAddress | undefined {
  const numbers = /^\d{1,3}(?:,\d{1,3}){5}$/.test(argument) ? argument.split(",").map(Number) : [];
  const [a, b, c, d, high = 0, low = 0] = numbers;
  if (numbers.length !== 6 || numbers.some((number) => number > 255)) return undefined;
  return { host: [a, b, c, d].join("."), port: high * 256 + low };
}

/** Reads the argument of EPRT: `|1|127.0.0.1|4711|` with any delimiter. RFC 2428 section 2. */
export function readExtendedPort(argument: string): FtpAddress | undefined {
  const [, , host = "", digits = ""] = /^([!-~])[12]\1([\d.:a-f]{2,45})\1(\d{1,5})\1$/i.exec(argument) ?? [];
  const port = Number(digits);
  return host === "" || port === 0 || port > 65_535 ? undefined : { host, port };
}

/** An IPv4 address and port as PASV has it. */
export function formatPassive({ host, port }: FtpAddress): string {
  return [...host.split("."), Math.floor(port / 256), port % 256].join(",");
}
