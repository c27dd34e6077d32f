/** Behaviours that are doubtful enough to be switched. `behaviours/` gives the evidence for each. */
export interface Quirks {
  readonly tokenUnit: "seconds" | "minutes";
  readonly supersededStatus: 401 | 403;
  readonly invalidClientStatus: 400 | 401;
  readonly basicAuth: boolean;
  readonly oneTokenForAllClients: boolean;
  readonly tokensSurviveRestart: boolean;
  /** Token requests within a minute before the cooldown starts; 0 is no limit. */
  readonly tokenLimit: number;
  /** In milliseconds. */
  readonly tokenCooldown: number;
  readonly defaultPageSize: number;
  readonly selectNeedsId: boolean;
  readonly rejectedCodeNeedsSelect: boolean;
  readonly createTakesEverything: boolean;
  readonly numberAndNameOptional: boolean;
  readonly alphanumericNames: boolean;
  readonly pbxFieldsRefused: boolean;
  readonly trunkByNumber: boolean;
  readonly sentTextShowsAtOnce: boolean;
  readonly rejectedCodeOnFirstRefusal: boolean;
  readonly textReadBack: "as-sent" | "crlf";
  readonly spanBase: 0 | 1;
  readonly severityLetter: boolean;
  readonly alternateKeys: boolean;
  readonly defaultRouteRemovable: boolean;
  readonly updatesMayEmpty: boolean;
  readonly goneMembersStay: boolean;
}

/** Every switch, as the newest PBX that is known sets it. */
export const NEWEST: Quirks = {
  tokenUnit: "seconds",
  supersededStatus: 401,
  invalidClientStatus: 400,
  basicAuth: false,
  oneTokenForAllClients: false,
  tokensSurviveRestart: false,
  tokenLimit: 0,
  tokenCooldown: 180_000,
  defaultPageSize: 100,
  selectNeedsId: false,
  rejectedCodeNeedsSelect: true,
  createTakesEverything: false,
  numberAndNameOptional: false,
  alphanumericNames: false,
  pbxFieldsRefused: true,
  trunkByNumber: false,
  sentTextShowsAtOnce: true,
  rejectedCodeOnFirstRefusal: true,
  textReadBack: "as-sent",
  spanBase: 1,
  severityLetter: true,
  alternateKeys: true,
  defaultRouteRemovable: false,
  updatesMayEmpty: false,
  goneMembersStay: false,
};

/** The behaviours of a PBX of that version ("20.0.10.1621"), the overrides put on top. */
export function chooseQuirks(version: string, overrides: Partial<Quirks> = {}): Quirks {
  return {
    ...NEWEST,
    tokenUnit: isOlder(version, [20, 0, 9]) ? "minutes" : "seconds",
    alphanumericNames: isOlder(version, [20, 0, 9]),
    alternateKeys: !isOlder(version, [20, 0, 8]),
    ...overrides,
  };
}

function isOlder(version: string, than: readonly number[]): boolean {
  const parts = version.split(".").map(Number);
  for (const [index, wanted] of than.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}
