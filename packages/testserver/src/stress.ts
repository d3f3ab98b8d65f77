/** Stress for who is tested: a machine that is short of time, memory, descriptors, and on time. */
export type { Ending, Finished } from "./stress/run-command.ts";
export { isPassed, repeatUnderStress, type RepetitionOptions, type StressRun } from "./stress/repeat-under-stress.ts";
export {
  type NetworkStress,
  type NetworkStressKind,
  networkStressKinds,
  type NetworkStressOptions,
  stressNetwork,
} from "./stress/stress-network.ts";
export { largestSeed } from "./stress/protocol/seed.ts";
export {
  type ClockSkew,
  describeStress,
  type Phase,
  planStress,
  type Scheduling,
  type StressBounds,
  type StressKind,
  stressKindNames,
  stressKinds,
  type StressPlan,
} from "./stress/protocol/stress-plan.ts";
