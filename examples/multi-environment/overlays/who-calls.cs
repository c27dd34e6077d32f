using System;
using System.Linq;
using System.Threading.Tasks;
using CallFlow;

namespace dummy
{
    /// <summary>
    /// Writes the number of the caller to the log, as it came and as digits, and hangs up.
    /// </summary>
    public class WhoCalls : ScriptBase<WhoCalls>
    {
        public override async void Start()
        {
            try
            {
                var caller = MyCall.Caller?.CallerID ?? string.Empty;
                var digits = string.Concat(caller.Where(char.IsDigit));
                MyCall.Info($"Called by {caller}, digits {digits}");
                await MyCall.AssureMedia();
                await MyCall.PlayPrompt(null, new[] { "BYE" }, PlayPromptOptions.Blocked);
                MyCall.Return(true);
            }
            catch (Exception error)
            {
                MyCall.Exception(error);
                MyCall.Return(false);
            }
        }
    }
}
