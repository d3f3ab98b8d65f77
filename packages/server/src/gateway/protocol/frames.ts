/** Octets before a frame's payload: length, type, flags, two that are zero, and the request. */
export const FRAME_HEAD_LENGTH = 12;

/** The first word of the first frame, "uSGI". */
export const MAGIC = 0x7553_4749;

/** Of this protocol. */
export const VERSION = 1;

/** What a frame is. Those of whole connections have request 0. */
export const FrameType = {
  hello: 1,
  request: 2,
  interim: 3,
  response: 4,
  data: 5,
  trailers: 6,
  credit: 7,
  cancel: 8,
  ping: 9,
  pong: 10,
  drain: 11,
  log: 12,
} as const;

/** What is said of a frame. */
export const Flag = {
  /** Nothing follows in this direction: of REQUEST, RESPONSE and DATA. */
  end: 1,
  /** What follows is another protocol: of RESPONSE. */
  upgrade: 2,
} as const;

/** Why a request is given up, in CANCEL. */
export const CancelReason = {
  /** Nobody waits for it. */
  unwanted: 0,
  /** Nothing was done: it may be asked of another worker. */
  refused: 1,
  /** The handler failed. */
  failed: 2,
  /** It took too long. */
  timedOut: 3,
} as const;

/** How large frames may be. */
export const FrameLimit = {
  /** Of a whole head, whose fields the server has already bounded. */
  head: 262_144,
  data: 65_536,
  /** Of HELLO, whose octets beyond those that are known are passed over. */
  hello: 256,
  /** Of a log line, and of a reason. */
  text: 8_192,
} as const;

/** Most that one CREDIT may grant, and most that may be granted and not used. */
export const CREDIT_LIMIT = 0x7fff_ffff;

/** What is allowed of a type of frame. */
export interface FrameRule {
  readonly least: number;
  readonly most: number;
  readonly flags: number;
  /** Whether it belongs to one request, to none, or to either. */
  readonly scope: "request" | "connection" | "either";
}

/** The whole grammar of frames, by type. */
export const frameRules: ReadonlyMap<number, FrameRule> = new Map<number, FrameRule>([
  [FrameType.hello, { least: 16, most: FrameLimit.hello, flags: 0, scope: "connection" }],
  [FrameType.request, { least: 1, most: FrameLimit.head, flags: Flag.end, scope: "request" }],
  [FrameType.interim, { least: 1, most: FrameLimit.head, flags: 0, scope: "request" }],
  [FrameType.response, { least: 1, most: FrameLimit.head, flags: Flag.end | Flag.upgrade, scope: "request" }],
  [FrameType.data, { least: 0, most: FrameLimit.data, flags: Flag.end, scope: "request" }],
  [FrameType.trailers, { least: 0, most: FrameLimit.head, flags: 0, scope: "request" }],
  [FrameType.credit, { least: 4, most: 4, flags: 0, scope: "request" }],
  [FrameType.cancel, { least: 2, most: FrameLimit.text, flags: 0, scope: "request" }],
  [FrameType.ping, { least: 8, most: 8, flags: 0, scope: "connection" }],
  [FrameType.pong, { least: 16, most: 16, flags: 0, scope: "connection" }],
  [FrameType.drain, { least: 0, most: 0, flags: 0, scope: "connection" }],
  [FrameType.log, { least: 1, most: FrameLimit.text, flags: 0, scope: "either" }],
]);
