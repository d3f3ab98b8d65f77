import { ArgumentsError } from "../arguments.ts";
import type { Command } from "../command.ts";
import { nearest } from "../suggestion.ts";
import type { TestServerAction } from "../testserver/action.ts";

const usage = `Usage: fairlead testserver [OPTIONS]
       fairlead testserver list [WHAT] [--json]
       fairlead testserver fault add SERVICE|all TYPE [OPTIONS]
       fairlead testserver fault list|types|remove ID|all
       fairlead testserver clock [TIME|+STEP|-STEP|system]
       fairlead testserver relay TARGET [--listen ADDRESS:PORT] [OPTIONS]
       fairlead testserver run [--stress KINDS] [OPTIONS] -- COMMAND...

Starts servers on loopback that behave, and misbehave, on demand. For tests
only: it does what anybody asks of it. Prints what is where, and runs until
Ctrl-C.

  list           every service, endpoint and fault, in one line each; WHAT is
                 services, endpoints, faults, a family of them, or one
  fault          adds, lists and removes what goes wrong between clients and
                 services of a network that runs; see below
  clock          tells the time of a network that runs, or puts it, also by
                 steps such as +90d, -1h and +30s
  relay          stands before any other server, HOST:PORT or unix:PATH, with
                 the same faults
  run            runs a command beside a network, again and again, under stress

      --host ADDRESS   where it listens; by default on loopback: anywhere else
                       others can reach servers that do what anybody asks
      --port PORT      port of the first service, the others follow on the next
                       ones; by default the system chooses each
      --now TIME       what the time is for certificates, tickets, cookies, HSTS
                       and caches, such as 2027-01-01T12:00:00Z; it runs on
      --manifest FILE  write the manifest as JSON; when it is there, all is
                       ready
      --ca FILE        write the certificate to trust; by default to a temporary
                       file
      --fault FAULT    a fault from the beginning, such as
                       https:latency,milliseconds=200,probability=0.1,seed=7
      --json           print the manifest instead of the page
  -v, --verbose        list every service and endpoint on the page
      --stress KINDS   cpu and memory of this machine, clock-skew and scheduling
                       of the network, with commas between, or all
      --seed SEED      what the stress is drawn from; by default a new one,
                       which is printed
      --stress-for SECONDS
                       when the stress ends by itself; 600 by default

What it wrote it removes when it ends.

Options of fault add, besides the numbers that 'fault types' lists:
      --direction WAY  up, down or both; by default down, to the client
      --probability P  how many connections or datagrams are hit, from 0 to 1
      --seed SEED      what chance follows from: a failure is had again by it
      --name NAME      what it is called in lists and in the traffic

Options of fault and clock:
      --control URL    the control address of the network or relay
      --manifest FILE  its manifest; by default FAIRLEAD_TESTSERVER holds either
      --json           what the control address answered

Options of relay:
      --listen ADDRESS:PORT
                       where clients connect; by default on loopback, the system
                       chooses the port
      --udp            for datagrams
      --fault FAULT    a fault from the beginning: latency,milliseconds=200
      --connect-timeout SECONDS
                       how long the server may take to accept; 10 by default
      --manifest FILE  write where it is as JSON, for fault --manifest too
      --json           print that

Options of run:
      --stress KINDS   cpu, memory, fd, clock-skew, scheduling, with commas
                       between, or all; within bounds that it prints
      --seed SEED      what the stress is drawn from; by default a new one,
                       which is printed
      --times NUMBER   how often the command is run; once by default
      --until-failure  until the first failure
      --timeout SECONDS
                       when a run is ended; 600 by default
      --keep-network   one network for all runs; by default each has a new one
  -v, --verbose        the command prints as it goes; by default what it printed
                       is shown when it failed

The command finds the network by FAIRLEAD_TESTSERVER, the file of the manifest;
by FAIRLEAD_CA and NODE_EXTRA_CA_CERTS, that of the certificate; and by
FAIRLEAD_SEED, the seed of its run. A failure ends with 1, a timeout with 7.`;

/** The command `fairlead testserver`. */
export const testserver: Command = {
  usage,
  run: async (args, surroundings) => {
    const [name = "", ...rest] = args;
    const load = Object.hasOwn(actions, name) ? actions[name] : undefined;
    if (load !== undefined) return (await load())(rest, surroundings);
    if (name !== "" && !name.startsWith("-")) throw unknownAction(name);
    const { start } = await import("../testserver/start.ts");
    return start(args, surroundings);
  },
};

function unknownAction(name: string): ArgumentsError {
  const suggestion = nearest(name, Object.keys(actions));
  const hint = suggestion === undefined ? "to start the network takes no word" : `did you mean ${suggestion}?`;
  return new ArgumentsError(`there is no action ${JSON.stringify(name)}; ${hint}`);
}

/** What there is besides starting. Each is loaded when it is asked for. */
const actions: Readonly<Record<string, () => Promise<TestServerAction>>> = {
  list: async () => (await import("../testserver/list.ts")).list,
  fault: async () => (await import("../testserver/fault.ts")).fault,
  clock: async () => (await import("../testserver/clock.ts")).clock,
  relay: async () => (await import("../testserver/relay.ts")).relay,
  run: async () => (await import("../testserver/run.ts")).run,
};
