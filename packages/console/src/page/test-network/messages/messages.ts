/** What the view "Test network" says. Text with values in it is a function, since languages order them differently. */
export interface TestNetworkMessages {
  /** The name of the view. */
  readonly title: string;
  readonly starting: string;
  readonly failed: string;
  readonly again: string;
  readonly search: string;
  readonly shown: (count: number) => string;
  readonly nothingFound: string;
  readonly load: (name: string) => string;
  readonly noHttp: string;
  readonly faults: string;
  readonly faultsHint: string;
  readonly order: string;
  readonly type: string;
  readonly service: string;
  readonly allServices: string;
  readonly switchOn: string;
  readonly switchOff: (type: string) => string;
  readonly off: string;
  readonly on: (count: number) => string;
  readonly noFaults: string;
  readonly hits: (count: number) => string;
}
