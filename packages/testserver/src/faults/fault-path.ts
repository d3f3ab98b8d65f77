import type { Socket } from "node:net";
import type { ConnectionLog } from "../connection-log.ts";
import type { NewTrafficEvent, TrafficLog } from "../traffic-log.ts";
import type { ActiveFault, Meeting } from "./active-fault.ts";
import type { FaultSet, FaultTarget } from "./fault-set.ts";
import { formatFault } from "./format-fault.ts";
import { Lane } from "./lane.ts";
import type { Cut } from "./protocol/stream-rule.ts";
import { chanceOf, streamRule } from "./protocol/stream-rules.ts";
import { reset } from "./reset.ts";
import type { SocketPairs } from "./socket-pairs.ts";

/** What a connection's way through its faults is made of. */
export interface FaultPathOptions {
  readonly entry: { readonly name: string };
  readonly network: { readonly traffic: TrafficLog; readonly socketPairs: SocketPairs };
  readonly faults: FaultSet;
  /** Knows the number of the connection once it is there. */
  readonly connections: Pick<ConnectionLog, "find">;
}

/**
 * Puts the faults between a client and its service: the service gets the far end of a second pair of sockets. Rejects where
 * a fault refuses the connection, which is reset then.
 */
export async function openFaultPath(client: Socket, options: FaultPathOptions): Promise<Socket> {
  const { entry, network, faults, connections } = options;
  const { traffic, socketPairs } = network;
  const refusing = refusalOf(faults);
  if (refusing !== undefined) {
    reset(client);
    traffic.add(faultEvent(entry.name, 0, refusing, "refuses a connection"));
    throw new Error("a fault refuses the connection");
  }
  const { near, far } = await socketPairs.open();
  let number = 0;
  const tell: TellFault = (active, did) => {
    number ||= connections.find(far)?.number ?? 0;
    traffic.add(faultEvent(entry.name, number, active, did));
  };
  const path = joinThroughFaults(client, near, faults, tell, () => far.destroyed);
  if (client.destroyed) {
    path.end();
    far.destroy();
    throw new Error("the client has gone");
  }
  return far;
}

/** What the traffic tells of a fault. */
export function faultEvent(
  service: string,
  connection: number,
  { id, fault }: ActiveFault,
  did: string,
): NewTrafficEvent {
  return { type: "fault", service, connection, fault: `${fault.name ?? fault.type} (${id})`, did };
}

/** The fault that refuses the connection that comes now, if one does. */
export function refusalOf(faults: FaultSet): ActiveFault | undefined {
  for (const active of faults.active) {
    if (active.fault.type !== "refuse" || active.meetConnection("begins") === undefined) continue;
    active.countHit();
    return active;
  }
  return undefined;
}

/** Tells what a fault does, as a clause. */
export type TellFault = (active: ActiveFault, did: string) => void;

/**
 * Joins two sockets, both of which stay half open, through the faults that there are and those that come. `isGone` knows,
 * where that can be known, whether who serves has left: nothing is written to the server then.
 */
export function joinThroughFaults(
  client: Socket,
  server: Socket,
  faults: FaultSet,
  tell: TellFault,
  isGone = (): boolean => false,
): FaultTarget {
  const path = new FaultPath(client, server, tell, isGone);
  const leave = faults.join(path);
  let open = 2;
  for (const socket of [client, server]) {
    socket.once("close", () => {
      open -= 1;
      if (open === 0) leave();
    });
  }
  return path;
}

class FaultPath implements FaultTarget {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #lanes: Readonly<Record<"up" | "down", Lane>>;
  readonly #tell: TellFault;
  readonly #hitBy = new Set<ActiveFault>();
  /** The client wrote to a service that has gone, for which TCP answers by a reset. */
  #wroteInVain = false;
  #hasServerEnded = false;

  constructor(client: Socket, server: Socket, tell: TellFault, isGone: () => boolean) {
    this.#client = client;
    this.#server = server;
    this.#tell = tell;
    const listen = (direction: "up" | "down"): ConstructorParameters<typeof Lane>[2] => ({
      ended: (how) => {
        if (direction === "down") this.#serverEnded(how);
        else if (how === "end") server.end();
        else reset(server);
      },
      isDeaf: () => direction === "up" && isGone(),
      unheard: () => {
        if (this.#wroteInVain) return;
        this.#wroteInVain = true;
        if (this.#hasServerEnded) this.#resetBehindEnd();
      },
      acted: (active) => this.#hit(active),
      cut: (how, by) => this.#cut(direction, how, by),
    });
    this.#lanes = {
      up: new Lane(client, server, listen("up")),
      down: new Lane(server, client, listen("down")),
    };
  }

  meet(active: ActiveFault, when: Meeting): void {
    const { fault } = active;
    if (fault.type === "refuse") return;
    const nth = active.meetConnection(when);
    if (nth === undefined) return;
    const { direction = "down", seed } = fault;
    const metAt = performance.now();
    for (const each of ["up", "down"] as const) {
      if (direction !== each && direction !== "both") continue;
      const rule = streamRule(fault, { chance: chanceOf(seed, nth, each), metAt });
      if (rule !== undefined) this.#lanes[each].meet(active, rule);
    }
  }

  leave(active: ActiveFault): void {
    this.#lanes.up.leave(active);
    this.#lanes.down.leave(active);
  }

  end(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  /** All that the server said before has left. */
  #serverEnded(how: "end" | "reset"): void {
    this.#hasServerEnded = true;
    if (how === "end") this.#client.end();
    else if (!this.#client.writableEnded) reset(this.#client);
    if (how === "reset" || this.#wroteInVain) this.#resetBehindEnd();
  }

  /** A reset that follows an end does not overtake it. */
  #resetBehindEnd(): void {
    if (this.#client.writableFinished) reset(this.#client);
    else this.#client.once("finish", () => reset(this.#client));
  }

  #hit(active: ActiveFault): void {
    if (this.#hitBy.has(active)) return;
    this.#hitBy.add(active);
    active.countHit();
    this.#tell(active, formatFault(active.fault));
  }

  #cut(direction: "up" | "down", how: Cut, by: ActiveFault): void {
    const { up, down } = this.#lanes;
    this.#hit(by);
    switch (how) {
      case "reset":
        this.#tell(by, "resets the connection");
        reset(this.#client);
        reset(this.#server);
        return;
      case "close":
        this.#tell(by, "closes the connection");
        up.swallow();
        down.swallow();
        this.#client.end();
        this.#server.end();
        return;
      case "half-close":
        this.#tell(by, `ends what goes ${direction}`);
        (direction === "up" ? this.#server : this.#client).end();
    }
  }
}
