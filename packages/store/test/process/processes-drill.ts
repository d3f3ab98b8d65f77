/** What the processes that share a store do: how many there are, and how much each does. */
export const drill = { processes: 8, things: 200, tickets: 2_000, bound: 50 } as const;
