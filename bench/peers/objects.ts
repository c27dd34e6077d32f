/** What every contender has so many of: a name and a text that makes its weight. */
export interface PeerObject {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly text: string;
}

/** Objects with texts of about so many characters, no two the same. */
export function makeObjects(count: number, characters: number): readonly PeerObject[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    name: `object-${index}`,
    text: writeText(index, characters),
  }));
}

/** The same objects, the one in the middle with another text of the same length for each round; in round 0 as they are. */
export function changeOne(objects: readonly PeerObject[], round: number): readonly PeerObject[] {
  const changed = pickOne(objects);
  if (round === 0) return objects;
  return objects.map((object) =>
    object === changed ? { ...object, text: markRound(object.text, round) } : object,
  );
}

/** The object that changes. Throws for none. */
export function pickOne(objects: readonly PeerObject[]): PeerObject {
  const one = objects[objects.length >> 1];
  if (one === undefined) throw new Error("no objects");
  return one;
}

function markRound(text: string, round: number): string {
  const mark = `round ${round} `;
  return mark + text.slice(mark.length);
}

function writeText(index: number, characters: number): string {
  const lines: string[] = [];
  for (let size = 0, n = 0; size <= characters; n += 1) {
    const line = `object ${index}, line ${n}: a call from ${index}${n} goes to ${(index * 7 + n) % 1000}`;
    lines.push(line);
    size += line.length + 1;
  }
  return lines.join("\n").slice(0, characters);
}
