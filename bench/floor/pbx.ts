import { readFileSync } from "node:fs";
import { Pool, type Dispatcher } from "undici";

const LIST =
  "/xapi/v1/CallFlowApps?$top=100&$orderby=Id&$select=Id,Number,ScriptCode,InvalidScript,CompilationSucceeded,CompilationResult,CompilationLastSuccess,RejectedCode,Name,RoutingType,TranscriptionMode,IsRegistered&$expand=Groups($select=GroupId,Name;$expand=Rights($select=RoleName)),Trunk($select=Id,Number)".replaceAll(
    " ",
    "%20",
  );
const PAGE = 100;

export interface LiveApp {
  readonly Id: number;
  readonly Number: string;
  readonly Name: string;
  readonly RoutingType: string;
  readonly TranscriptionMode: string;
  readonly ScriptCode: string;
  readonly CompilationSucceeded: boolean;
  readonly Groups: readonly {
    readonly Name: string;
    readonly Rights: { readonly RoleName: string };
  }[];
}

interface Page {
  readonly "@odata.count"?: number;
  readonly value: readonly LiveApp[];
}

/** The least that speaks to a PBX: one token, no retries, no checks. */
export interface FloorPbx {
  list(): Promise<LiveApp[]>;
  patch(id: number, body: Record<string, string>): Promise<void>;
  read(number: string): Promise<LiveApp>;
  close(): Promise<void>;
}

export async function connectFloor(
  env: Readonly<Record<string, string | undefined>>,
): Promise<FloorPbx> {
  const {
    CALLFORM_URL: url = "",
    CALLFORM_CLIENT_ID: clientId = "",
    CALLFORM_CLIENT_SECRET: secret = "",
  } = env;
  const ca = env["CALLFORM_BENCH_CA"];
  const pool = new Pool(url, {
    connections: 12,
    ...(ca === undefined ? {} : { connect: { ca: readFileSync(ca, "utf8") } }),
  });
  const token = await pool.request({
    method: "POST",
    path: "/connect/token",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: secret,
    }).toString(),
  });
  const { access_token } = (await token.body.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  const get = async <T>(path: string): Promise<T> => {
    const answer = await pool.request({ method: "GET", path, headers });
    return (await expect(answer, 200).body.json()) as T;
  };
  return {
    async list() {
      const first = await get<Page>(`${LIST}&$skip=0&$count=true`);
      const skips: number[] = [];
      for (let skip = PAGE; skip < (first["@odata.count"] ?? 0); skip += PAGE) skips.push(skip);
      const rest = await Promise.all(skips.map((skip) => get<Page>(`${LIST}&$skip=${skip}`)));
      return [first, ...rest].flatMap(({ value }) => value);
    },
    async patch(id, body) {
      const answer = await pool.request({
        method: "PATCH",
        path: `/xapi/v1/CallFlowApps(${id})`,
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      await expect(answer, 204).body.dump();
    },
    async read(number) {
      const { value } = await get<Page>(
        `/xapi/v1/CallFlowApps?$filter=Number%20eq%20'${number}'&$select=Id,Number,ScriptCode,CompilationSucceeded`,
      );
      const [app] = value;
      if (app === undefined) throw new Error(`no app ${number}`);
      return app;
    },
    close: () => pool.close(),
  };
}

function expect(answer: Dispatcher.ResponseData, status: number): Dispatcher.ResponseData {
  if (answer.statusCode !== status) throw new Error(`answer ${answer.statusCode}`);
  return answer;
}
