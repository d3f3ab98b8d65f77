interface Reader<Item> {
  resolve(result: IteratorResult<Item, undefined>): void;
  reject(error: unknown): void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** What came, and waits for whoever iterates over it. */
export class ReadAhead<Item> {
  readonly #limitBytes: number;
  readonly #sizeOf: (item: Item) => number;
  /** Called with whether there is room, whenever that changes. */
  readonly #onRoom: (hasRoom: boolean) => void;
  #items: Item[] = [];
  #bytes = 0;
  #hasRoom = true;
  readonly #readers: Reader<Item>[] = [];
  #end: { readonly error: unknown } | undefined;

  constructor(limitBytes: number, sizeOf: (item: Item) => number, onRoom: (hasRoom: boolean) => void) {
    this.#limitBytes = limitBytes;
    this.#sizeOf = sizeOf;
    this.#onRoom = onRoom;
  }

  get hasRoom(): boolean {
    return this.#hasRoom;
  }

  push(item: Item): void {
    const reader = this.#readers.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value: item });
      return;
    }
    this.#items.push(item);
    this.#count(this.#sizeOf(item));
  }

  /** Nothing more comes; once all was read, `error` is what reading fails with, if there is one. */
  end(error: unknown): void {
    this.#end ??= { error };
    for (const reader of this.#readers.splice(0)) settle(reader, this.#end);
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    const [item] = this.#items;
    if (item !== undefined) {
      this.#items.shift();
      this.#count(-this.#sizeOf(item));
      return Promise.resolve({ done: false, value: item });
    }
    return new Promise((resolve, reject) => {
      if (this.#end === undefined) this.#readers.push({ resolve, reject });
      else settle({ resolve, reject }, this.#end);
    });
  }

  /** All that nobody has read. */
  take(): readonly Item[] {
    const items = this.#items;
    this.#items = [];
    this.#count(-this.#bytes);
    return items;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    const hasRoom = this.#bytes <= this.#limitBytes;
    if (hasRoom === this.#hasRoom) return;
    this.#hasRoom = hasRoom;
    this.#onRoom(hasRoom);
  }
}

function settle<Item>(reader: Reader<Item>, { error }: { readonly error: unknown }): void {
  if (error === undefined) reader.resolve(DONE);
  else reader.reject(error);
}
