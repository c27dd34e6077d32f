import type { FloorApp } from "./manifests.ts";
import type { LiveApp } from "./pbx.ts";

export interface FloorChange {
  readonly number: string;
  readonly id: number;
  readonly script: string;
  readonly fields: readonly string[];
}

/** What differs, text by text. Throws for an app that the PBX does not have. */
export function compareApps(apps: readonly FloorApp[], live: readonly LiveApp[]): FloorChange[] {
  const byNumber = new Map(live.map((app) => [app.Number, app]));
  return apps.flatMap((app) => {
    const there = byNumber.get(app.number);
    if (there === undefined) throw new Error(`no app ${app.number}`);
    const fields = [
      ...(app.name === there.Name ? [] : ["name"]),
      ...(app.routingType === there.RoutingType ? [] : ["routingType"]),
      ...(app.transcriptionMode === there.TranscriptionMode ? [] : ["transcriptionMode"]),
      ...(app.script === there.ScriptCode ? [] : ["script"]),
      ...(writeGroups(app) === writeLiveGroups(there) ? [] : ["groups"]),
    ];
    return fields.length === 0
      ? []
      : [{ number: app.number, id: there.Id, script: app.script, fields }];
  });
}

function writeGroups({ groups }: FloorApp): string {
  return groups.map(({ name, role }) => `${name} ${role}`).join();
}

function writeLiveGroups({ Groups }: LiveApp): string {
  return Groups.map(({ Name, Rights }) => `${Name} ${Rights.RoleName}`).join();
}
