/** A sound script, with one of everything the mutations below take away. */
export const SOUND = `using System;
using System.Threading.Tasks;
using CallFlow;
using TCX.Configuration;

namespace dummy
{
    // ключ 😀: text outside Latin, so that offsets in bytes would show
    public class NightDesk : ScriptBase<NightDesk>
    {
        private const string Fallback = "100";

        public override async void Start()
        {
            try
            {
                var hour = DateTime.Now.Hour;
                if (hour >= 8 && hour < 18)
                {
                    await MyCall.RouteTo("800", $"{MyCall.Caller.CallerName}", 30);
                }
                foreach (var number in new[] { "101", "102" })
                {
                    await MyCall.RouteTo(number, null, 20);
                }
                MyCall.Return(false);
            }
            catch (Exception error)
            {
                MyCall.Error(error.ToString());
                MyCall.Return(false);
            }
        }
    }
}
`;

/** A class around the given members, with a Start. */
export function wrapMembers(members: string): string {
  return `public class Flow : ScriptBase<Flow>\n{\n${members}\n    public override void Start() { }\n}\n`;
}

/** A script whose Start has the given body. */
export function wrapBody(body: string): string {
  return `public class Flow : ScriptBase<Flow>\n{\n    public override async void Start()\n    {\n${body}\n    }\n}\n`;
}
