import { versions } from "node:process";
import {
  createExamination,
  findCause,
  type Check,
  type ExaminationEvents,
} from "../../domain/diagnosis.ts";
import type { Clock } from "../../domain/ports.ts";
import type { Redactor } from "../../domain/redact.ts";
import { Secret } from "../../domain/secret.ts";
import { kinds as allKinds } from "../../kinds/index.ts";
import { createHttpProbe, type HttpProbe } from "../../xapi/probe/http.ts";
import type { Lookup } from "../../xapi/probe/name.ts";
import { systemClock } from "../clock.ts";
import { openAccess } from "./pbx/access.ts";
import { checkAuthority } from "./machine/authority.ts";
import { checkClock } from "./pbx/clock.ts";
import { checkCredentials } from "./machine/credentials.ts";
import { checkDigestKey } from "./machine/digest-key.ts";
import { mend } from "./machine/flaws.ts";
import { checkLicence } from "./pbx/licence.ts";
import { checkEnvironment, checkNode } from "./machine/node.ts";
import { checkName } from "./network/name.ts";
import { checkPort } from "./network/port.ts";
import { lookAtProject } from "./machine/project.ts";
import { checkPaging, checkReading, checkRelated } from "./pbx/reading.ts";
import { checkServer } from "./network/server.ts";
import { checkSharing } from "./pbx/sharing.ts";
import { checkTls } from "./network/tls.ts";
import { checkToken } from "./pbx/token.ts";
import { checkUrl } from "./network/url.ts";
import { checkVersion } from "./pbx/version.ts";
import { checkWriting } from "./pbx/writing.ts";
import type { Flags, Surroundings } from "../settings/resolve.ts";

export interface DoctorOptions extends ExaminationEvents {
  readonly flags: Flags;
  readonly surroundings: Surroundings;
  readonly redactor: Redactor;
  /** Milliseconds for each step on the network. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  readonly lookup?: Lookup;
  /** Of Node, as `process.versions` has it. */
  readonly nodeVersion?: string;
}

export interface Diagnosis {
  readonly target: string | undefined;
  /** Absent where no URL could be made of what was typed. */
  readonly url: string | undefined;
  readonly checks: readonly Check[];
  /** The first that failed; undefined when none did. */
  readonly cause: Check | undefined;
}

/** What every run reads. Other collections concern only who manages something of theirs. */
const kinds = allKinds.filter(({ scope }) => scope === undefined);

/**
 * Looks at everything a plan needs, from this machine to the rights of the API client, each step as far as the ones before it
 * allow. Sends nothing but GETs and the token POST. Throws only the signal's reason, on abort.
 */
export async function diagnose(options: DoctorOptions): Promise<Diagnosis> {
  const { flags, surroundings, redactor, timeout, signal, clock = systemClock } = options;
  const { env } = surroundings;
  const patience = { timeout, signal };
  const onToken = (token: Secret<string>): void => redactor.add(token);
  const { examine, checks } = createExamination(options);
  const project = await lookAtProject(flags, surroundings);
  const { choices } = project;
  const { caFile, clientSecret, target } = choices;
  for (const secret of [clientSecret?.value.reveal(), env["CALLFORM_DIGEST_KEY"]])
    // It is also sent without what copying has left on it.
    for (const form of secret === undefined ? [] : [secret, mend(secret)])
      redactor.add(new Secret(form));

  await examine("node", [], () => checkNode(options.nodeVersion ?? versions.node));
  await examine("project", [], () => project.verdict);
  await examine("environment", [], () => checkEnvironment(env, caFile !== undefined));
  await examine("digest-key", [], () => checkDigestKey(env));
  const credentials = await examine("credentials", [], () => checkCredentials(choices, env));
  const authority = await examine("authority", [], () => checkAuthority(caFile, clock.now()));
  const place = await examine("url", [], () =>
    checkUrl(choices.url, flags.insecureHttp ?? false, env),
  );
  const name = await examine("name", [place], (take) =>
    checkName(take(place), patience, options.lookup),
  );
  const port = await examine("port", [place, name], (take) =>
    checkPort(take(place), take(name), patience),
  );
  let probe: HttpProbe | undefined;
  try {
    const tls = await examine("tls", [place, port, authority], async (take) => {
      const ca = take(authority);
      const around = { ...patience, addresses: take(port), ca, caFile, now: clock.now() };
      const verdict = await checkTls(take(place), around);
      if (!("value" in verdict)) return verdict;
      probe = createHttpProbe({ ...patience, origin: take(place).origin, ca, clock });
      return { ...verdict, value: probe };
    });
    const server = await examine("server", [tls, place], (take) =>
      checkServer(take(tls), take(place), patience),
    );
    const needed = [server, tls, place, credentials];
    const session = await examine("token", needed, async (take) => {
      const [http, given, at] = [take(tls), take(credentials), take(place)];
      const verdict = await checkToken(http, given, at, patience);
      if (!("value" in verdict)) return verdict;
      const { token } = verdict.value;
      onToken(token);
      const access = openAccess({ probe: http, credentials: given, token, onToken });
      return { ...verdict, value: { ...patience, access, token, place: at, credentials: given } };
    });
    const licence = await examine("licence", [session], (take) =>
      checkLicence(take(session).access, clock.now()),
    );
    await examine("version", [session, licence, server], (take) =>
      checkVersion(take(session).access, take(licence), take(server)),
    );
    const reading = await examine("reading", [session], (take) =>
      checkReading(kinds, take(session)),
    );
    await examine("paging", [session, reading], (take) => checkPaging(kinds, take(session)));
    await examine("related", [session, reading], (take) => checkRelated(kinds, take(session)));
    await examine("writing", [session, reading], (take) => checkWriting(take(session)));
    await examine("clock", [server], (take) => checkClock(take(server)));
    await examine("sharing", [session, reading], (take) => checkSharing(take(session)));
    const url = place.result?.value.origin;
    return { target: target?.name, url, checks, cause: findCause(checks) };
  } finally {
    await probe?.close();
  }
}
