/** A script that compiles, told apart from others by its class name and its greeting. */
export function writeScript(name: string, greeting = "welcome.wav"): string {
  return `using CallFlow;
using System;
using System.Threading.Tasks;

namespace dummy
{
    public class ${name} : ScriptBase<${name}>
    {
        public override async void Start()
        {
            await MyCall.AssureMedia();
            await MyCall.PlayPrompt("${greeting}");
            MyCall.Return(true);
        }
    }
}
`;
}

/** The same, grown with methods until it has at least so many characters. */
export function writeLongScript(name: string, characters: number): string {
  const methods: string[] = [];
  const base = writeScript(name);
  for (let size = base.length, n = 0; size < characters; n += 1) {
    const method = `        private static string Route${n}(string caller)
        {
            if (string.IsNullOrEmpty(caller)) return "800";
            return caller.StartsWith("00${n}") ? "80${n % 10}" : "801";
        }
`;
    methods.push(method);
    size += method.length;
  }
  return base.replace("        public override", `${methods.join("\n")}\n        public override`);
}

/** The same with a semicolon missing: line 11 of the text. */
export function writeBrokenScript(name: string): string {
  return writeScript(name).replace("AssureMedia();", "AssureMedia()");
}

export const BROKEN_LINE = 11;
